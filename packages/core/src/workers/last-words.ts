/** What a worker leaves behind when it ends: a file that it writes synchronously while it exits, and that the primary reads. */
import { mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** By channel. */
export type LastWords = ReadonlyMap<string, Uint8Array>;

/** Makes the folder for the files; only the user of the process can read it. */
export function makeLastWordsFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tsukimi-workers-')); // of mode 0700
}

/** Writes the file of a worker. A worker that is killed while it writes leaves none. */
export function writeLastWords(file: string, words: LastWords): void {
  if (words.size === 0) return;
  writeFileSync(`${file}.part`, serialize(words), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Reads the file of a worker that has ended, and deletes it. */
export function takeLastWords(file: string): LastWords {
  try {
    const words: unknown = deserialize(readFileSync(file));
    return words instanceof Map ? words : new Map();
  } catch {
    return new Map(); // it wrote none
  } finally {
    rmSync(file, { force: true });
    rmSync(`${file}.part`, { force: true });
  }
}

/** Removes the folder with all files. */
export function removeLastWordsFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what a worker has in the folder, and the folder if it was the last one in it: the primary can't do it any more. */
export function leaveLastWordsFolder(file: string, folder: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}.part`, { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // another worker still has a file in it, or has removed it
  }
}
