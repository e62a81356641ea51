/** Before the command is packed: puts the documentation into its package, where its help points to. */
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
cpSync(folder('../docs/'), folder('../packages/cli/docs/'), { recursive: true, filter: (path) => !/[\\/]images(?:[\\/]|$)/.test(path) });
