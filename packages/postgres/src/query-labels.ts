/** Finds the labels of a query, `operation` and `statement`, and bounds how many statements there are. */

import { readText, type TextFacts } from './sql-text.js';
import type { StatementQuery } from './statement-query.js';

/** The labels of a query. */
export interface QueryLabels {
  readonly operation: string;
  readonly statement: string;
}

/** The statement of queries that nobody has named. */
export const UNNAMED = '<unnamed>';

/** The statement of queries whose name is past the budget, or no name. */
export const OTHER_STATEMENT = '__other__';

/** A name that may be a label: short, and without spaces and quotes, so that it can't be SQL. */
const NAME = /^[A-Za-z_][\w.:/-]{0,62}$/;

/** Each of two generations: texts that are used are kept, texts that were used once are forgotten. */
const TEXTS_REMEMBERED = 500;
const LONGEST_REMEMBERED = 4000;

interface QueryLabelsOptions {
  readonly maxStatements: number;
  readonly statementOf: ((query: StatementQuery) => string | undefined) | undefined;
  /** Called when `statementOf` throws, or returns what is no text. */
  readonly failed: (cause: unknown) => void;
}

/** The labels of the queries of one pool. */
export class QueryLabeller {
  readonly #options: QueryLabelsOptions;
  readonly #statements = new Set<string>();
  #recent = new Map<string, TextFacts>();
  #older = new Map<string, TextFacts>();

  constructor(options: QueryLabelsOptions) {
    this.#options = options;
  }

  /** Never throws. Costs one look-up for a text that was seen before, and one for the name. */
  labelsOf(query: StatementQuery): QueryLabels {
    const { operation, name } = this.#factsOf(query.text);
    const given = this.#computed(query) ?? name ?? query.name;
    return { operation, statement: given === undefined || given === '' ? UNNAMED : this.#bounded(given) };
  }

  #factsOf(text: string | undefined): TextFacts {
    if (typeof text !== 'string' || text.length > LONGEST_REMEMBERED) return readText(text);
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    const facts = this.#older.get(text) ?? readText(text);
    if (this.#recent.size >= TEXTS_REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(text, facts);
    return facts;
  }

  #computed(query: StatementQuery): string | undefined {
    const { statementOf, failed } = this.#options;
    if (statementOf === undefined) return undefined;
    try {
      const name: unknown = statementOf(query);
      if (name === undefined || typeof name === 'string') return name;
      failed(undefined);
    } catch (cause) {
      failed(cause);
    }
    return undefined;
  }

  #bounded(name: string): string {
    if (this.#statements.has(name)) return name;
    if (typeof name !== 'string' || !NAME.test(name) || this.#statements.size >= this.#options.maxStatements) return OTHER_STATEMENT;
    this.#statements.add(name);
    return name;
  }
}
