/** find-my-way, Fastify's router: its own published tests, with every router as it comes and with every router instrumented. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolder, scriptFolder } from '../calls/support/bundle.js';

const require = createRequire(createRequire(import.meta.url).resolve('fastify'));
const packageFolder = dirname(require.resolve('find-my-way'));
/** It needs a package that is not installed. */
const LEFT_OUT = 'issue-330.test.js';
const files = readdirSync(join(packageFolder, 'test')).filter((name) => name.endsWith('.test.js') && name !== LEFT_OUT);

// Whoever requires the package gets a function that makes instrumented routers; how many calls were counted is told at the end.
const PRELOAD = `
import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import { instrument, MetricsRegistry } from './measured.mjs';
const registry = new MetricsRegistry({ maxSeriesPerMetric: 10000 });
const load = Module._load;
const target = process.env.PACKAGE_MAIN;
let instrumented;
Module._load = function (request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  if (Module._resolveFilename(request, parent, isMain) !== target || parent?.filename.includes('/lib/')) return loaded;
  const measured = (router) => instrument(router, { component: 'Router', registry });
  instrumented ??= new Proxy(loaded, {
    apply: (_target, self, options) => measured(Reflect.apply(loaded, self, options)),
    construct: (_target, options, newTarget) => measured(Reflect.construct(loaded, options, newTarget)),
  });
  return instrumented;
};
process.on('exit', () => {
  const metric = registry.getSingleMetric('component_calls_total');
  appendFileSync(process.env.COUNTS, (metric === undefined ? 0 : [...metric.series].reduce((sum, { value }) => sum + value, 0)) + '\\n');
});
`;

/** One extends Array.prototype for good, the other does not wait for its subtests. */
const APART = ['for-in-loop.test.js', 'shorthands.test.js'];
/** How these end depends on how busy the machine is. */
const BY_THE_CLOCK = /stays linear|is not quadratic/;

// The others share a process: one for each of them would spend nearly all the time on starting.
const RUN_ALL = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
for (const path of process.argv.slice(2)) require(path);
`;

let folder = '';
beforeAll(async () => {
  folder = await scriptFolder();
  await writeFile(join(folder, 'preload.mjs'), PRELOAD);
  await writeFile(join(folder, 'run-all.mjs'), RUN_ALL);
});
afterAll(() => removeFolder(folder));

/** The verdicts of the package's tests, in the order in which they ran; nothing of times and places. */
async function verdicts(preload: readonly string[], counts: string): Promise<string[]> {
  const env = { PATH: process.env['PATH'], PACKAGE_MAIN: require.resolve('find-my-way'), COUNTS: counts };
  const run = async (names: readonly string[]): Promise<string> => {
    const paths = names.map((name) => join(packageFolder, 'test', name));
    const args = [...preload, '--test-reporter=tap', join(folder, 'run-all.mjs'), ...paths];
    return await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { cwd: packageFolder, env, maxBuffer: 2 ** 28 }, (_error, stdout) => resolve(stdout));
    });
  };
  const together = files.filter((name) => !APART.includes(name));
  const outputs = [];
  for (const names of [together, ...APART.map((name) => [name])]) outputs.push(await run(names));
  return outputs.flatMap((output) => output.split('\n').filter((line) => /^\s*(not )?ok \d+/.test(line) && !BY_THE_CLOCK.test(line)));
}

test('passes and fails the same', { timeout: 240_000 }, async () => {
  const counts = join(folder, 'counts');
  await writeFile(counts, '');
  const bare = await verdicts([], counts);
  const instrumented = await verdicts(['--import', pathToFileURL(join(folder, 'preload.mjs')).href], counts);
  expect(bare.filter((line) => line.trim().startsWith('not ok'))).toEqual([]);
  expect(bare.length).toBeGreaterThan(500);
  expect(instrumented).toEqual(bare);
  const counted = (await readFile(counts, 'utf8')).trim().split('\n').map(Number);
  expect(counted.reduce((total, calls) => total + calls, 0)).toBeGreaterThan(1000);
});
