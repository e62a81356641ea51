/** Runs test files of Fastify's in a process of their own. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTap } from './tap.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const TIMEOUT_MS = 120_000;

/** Stands for a file among the names of its tests. */
export const WHOLE_FILE = '(the file as a whole)';

/** The folder of Fastify's package, with its tests. */
export const FASTIFY = dirname(createRequire(import.meta.url).resolve('fastify/package.json'));

/**
 * Runs files, usually one, in one process and collects how their tests ended.
 * @param {string[]} files relative to Fastify's test folder
 * @param {{ withPlugin: boolean }} options
 * @returns {Promise<{ outcomes: Map<string, string>, causes: Map<string, string>, missing: string | undefined, log: string }>} test name to outcome, those of
 *   one name numbered; why they failed; the module that a file needs and does not find; all it wrote
 */
export async function runFiles(files, { withPlugin }) {
  const paths = files.map((file) => join(FASTIFY, 'test', file));
  const program = paths.length === 1 ? paths : [join(here, 'load-all.mjs'), ...paths];
  const plugin = withPlugin ? ['--import', join(here, 'with-plugin.mjs')] : [];
  const { stdout, stderr, exit } = await run([...plugin, '--test-reporter', 'tap', ...program]);
  const outcomes = new Map();
  const causes = new Map();
  for (const { name, outcome, cause } of readTap(stdout)) {
    const key = unique(name, outcomes);
    outcomes.set(key, outcome);
    causes.set(key, cause);
  }
  outcomes.set(WHOLE_FILE, exit === 0 ? 'passed' : 'failed');
  causes.set(WHOLE_FILE, `exit ${exit}`);
  const missing = /(?:Cannot find module|Cannot find package) '([^'./][^']*)'/.exec(stdout + stderr)?.[1];
  return { outcomes, causes, missing, log: stdout + stderr };
}

function run(args) {
  const env = { ...process.env, NODE_PATH: join(here, 'node_modules'), NODE_OPTIONS: '', NODE_V8_COVERAGE: undefined, FORCE_COLOR: '0' };
  const child = spawn(process.execPath, args, {
    cwd: FASTIFY,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ stdout, stderr, exit: code ?? signal })));
}

function unique(name, taken) {
  let key = name;
  for (let count = 2; taken.has(key); count += 1) key = `${name} (${count})`;
  return key;
}
