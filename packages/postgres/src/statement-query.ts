/** What a query is known by, whatever way it was passed. */
import type { QueuedQuery } from './private-api.js';

/** What a query is known by when it is sent. */
export interface StatementQuery {
  /** The SQL; undefined for a prepared statement that is named only. */
  readonly text: string | undefined;
  /** The name of the prepared statement, if it has one. */
  readonly name: string | undefined;
  readonly values: readonly unknown[] | undefined;
}

/** Reads the first arguments of `query()`, or what pg has made of them. */
export function statementQueryOf(query: unknown, values?: unknown): StatementQuery {
  if (typeof query === 'string') return { text: query, name: undefined, values: listOrNothing(values) };
  const { text, name, values: own, cursor } = (query ?? {}) as Partial<QueuedQuery>;
  if (cursor !== undefined && text === undefined) return { ...statementQueryOf(cursor), name: textOrNothing(name) };
  return { text: textOrNothing(text), name: textOrNothing(name), values: listOrNothing(own) ?? listOrNothing(values) };
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOrNothing(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
