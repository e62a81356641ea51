/** The files of the page, as Vite built them: read once, and kept. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export interface Asset {
  readonly body: Buffer;
  readonly compressed: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Beside the compiled server; in a checkout, the same folder. */
const FOLDER = fileURLToPath(new URL('../dist/app/', import.meta.url));

/** By path, such as `index.html` and `assets/index-B2x.js`. Empty if the page was not built. */
export function readAssets(folder = FOLDER): ReadonlyMap<string, Asset> {
  return new Map(filesIn(folder, '').map((path) => [path, read(join(folder, path), path)]));
}

function filesIn(folder: string, prefix: string): string[] {
  try {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesIn(folder, path) : [path];
    });
  } catch {
    return [];
  }
}

function read(file: string, path: string): Asset {
  const body = readFileSync(file);
  return {
    body,
    compressed: gzipSync(body),
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
    isHashed: path.startsWith('assets/'),
  };
}
