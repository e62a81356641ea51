/** Reads what the server says when a command has completed: what was done, and to how many rows. */
import { operationOfTag } from './sql-text.js';

/** A command that has completed. */
export interface CompletedCommand {
  /** `INSERT`, `CREATE TABLE` */
  readonly tag: string;
  readonly operation: string;
  /** Rows that it returned or changed; undefined for commands that have none. */
  readonly rows: number | undefined;
}

interface Command {
  readonly tag: string;
  readonly operation: string;
}

/** By what stands before the number. There are as many as commands, because the number after INSERT is always 0. */
const commands = new Map<string, Command>();
const MOST_COMMANDS = 500;

/** Reads `INSERT 0 5`, `SELECT 5` or `BEGIN`. */
export function readCommandTag(text: unknown): CompletedCommand {
  if (typeof text !== 'string') return { ...commandOf(''), rows: undefined };
  const space = text.lastIndexOf(' ');
  const rows = space > 0 ? Number(text.slice(space + 1)) : Number.NaN;
  const { tag, operation } = commandOf(Number.isNaN(rows) ? text : text.slice(0, space));
  return { tag, operation, rows: Number.isNaN(rows) ? undefined : rows };
}

function commandOf(words: string): Command {
  const known = commands.get(words);
  if (known !== undefined) return known;
  const tag = words.replace(/ \d+$/, '');
  const command = { tag, operation: operationOfTag(tag) };
  if (commands.size < MOST_COMMANDS) commands.set(words, command);
  return command;
}
