/** Reads files of a project. A missing file is undefined; a file that can't be read is an error with its name. */
import { readdir, readFile } from 'node:fs/promises';
import { unreadable } from './errors.js';

const NOT_THERE = new Set(['ENOENT', 'ENOTDIR']);

/** @throws TSK_ERR_DOCTOR_UNREADABLE */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    return orUndefined(file, error as NodeJS.ErrnoException);
  }
}

/**
 * The names in a folder and what they are; empty if there is none.
 * @throws TSK_ERR_DOCTOR_UNREADABLE
 */
export async function readFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return orUndefined(folder, error as NodeJS.ErrnoException) ?? [];
  }
}

function orUndefined(path: string, error: NodeJS.ErrnoException): undefined {
  if (NOT_THERE.has(error.code ?? '')) return undefined;
  throw unreadable(path, error);
}

/** The line of a position in a text, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** The line on which a pattern is first found, from 1; undefined if it is nowhere. */
export function lineOf(text: string, pattern: RegExp | string): number | undefined {
  const position = typeof pattern === 'string' ? text.indexOf(pattern) : text.search(pattern);
  return position === -1 ? undefined : lineAt(text, position);
}
