/** `npm run release:version`: sets the packages' next version from the changesets, dates the changelog and refreshes the lockfile. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { closeUnreleased } from './changelog.js';

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'inherit' });

run('npx', '--no-install', 'changeset', 'version');
const { version } = JSON.parse(readFileSync('packages/tsukimi/package.json', 'utf8')) as { version: string };
const date = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', closeUnreleased(readFileSync('CHANGELOG.md', 'utf8'), { version, date }));
// The lockfile names the packages' versions: without this, the next `npm ci` fails.
run('npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
console.log(`Version ${version}. Review the changes, then commit them.`);
