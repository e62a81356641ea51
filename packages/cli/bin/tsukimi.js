#!/usr/bin/env node
// Not in dist: npm links a command at install only if its file is there, and in a clone nothing has been built by then.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('The tsukimi command of this clone is not built yet. Run: npm run build\n');
  process.exitCode = 1;
}
