/** How functions and their places are shown. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from './sampled-tree.js';

export function nameOf({ functionName }: Frame): string {
  return functionName === '' ? '(anonymous)' : functionName;
}

/** `dist/orders.js:12:4`, relative to the working directory where the file is below it; empty for native functions. */
export function shownPlace({ url, lineNumber, columnNumber = -1 }: Frame): string {
  if (url === '') return '';
  const file = fileOf(url);
  return lineNumber < 0 ? file : `${file}:${lineNumber + 1}:${columnNumber + 1}`;
}

function fileOf(url: string): string {
  const path = url.startsWith('file://') ? pathOf(url) : url;
  const below = relative(process.cwd(), path);
  return path.startsWith('/') && !below.startsWith('..') ? below : path;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
