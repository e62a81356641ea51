/**
 * Runs Fastify's own test suite, which ships in its package, twice: as it is, and with our plugin registered on every instance; prints what
 * differs. Exits with 1 where that is not what `fastify-suite/expected.json` says.
 *
 * `npm run test:fastify-suite [-- file ...]`: all files, or those that are named, relative to Fastify's test folder. Needs a build. What Fastify's tests
 * need beside what this workspace has is installed into `fastify-suite/` on the first run, unless `--no-install` is among the arguments.
 * With `--one-process` the named files share one process, which takes a tenth of the time; not every file allows that.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FASTIFY, runFiles, WHOLE_FILE } from './fastify-suite/run-files.mjs';

const folder = fileURLToPath(new URL('fastify-suite/', import.meta.url));
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
/** How often both runs must differ before it is a difference: some of these tests depend on how busy the machine is. */
const ATTEMPTS = 3;

const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (!process.argv.includes('--no-install')) installDependencies();
checkPlugin();
const files = named.length > 0 ? named : testFiles();
const groups = process.argv.includes('--one-process') ? [files] : files.map((file) => [file]);
const results = await mapConcurrently(groups, compare);
process.exitCode = report(results) ? 0 : 1;

function installDependencies() {
  if (existsSync(join(folder, 'node_modules'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
}

/** A plugin that does not load would fail every test, and tell nothing. */
function checkPlugin() {
  try {
    execFileSync(process.execPath, ['--import', join(folder, 'with-plugin.mjs'), '--eval', ''], { stdio: 'pipe', cwd: folder });
  } catch (error) {
    console.error(`The plugin does not load; npm run build first.\n${error.stderr}`);
    process.exit(1);
  }
}

function testFiles() {
  const all = readdirSync(join(FASTIFY, 'test'), { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  return all.filter((file) => /\.test\.m?js$/.test(file) && expected.leftOut[file] === undefined).sort();
}

/** Runs files both ways, in one process each way, and again where they differ. */
async function compare(group) {
  const file = group.length === 1 ? group[0] : `${group.length} files in one process`;
  let differing;
  let bare;
  for (let attempt = 0; attempt < ATTEMPTS && differing?.size !== 0; attempt += 1) {
    bare = await runFiles(group, { withPlugin: false });
    const plugin = await runFiles(group, { withPlugin: true });
    const now = differences(bare.outcomes, plugin);
    differing = differing === undefined ? now : new Map([...now].filter(([name]) => differing.has(name)));
  }
  const outcomes = [...bare.outcomes.values()];
  const passed = outcomes.filter((outcome) => outcome === 'passed').length;
  const failed = outcomes.filter((outcome) => outcome === 'failed').length;
  if (failed > 0 || differing.size > 0)
    console.log(`${file}: ${passed} pass and ${failed} fail without the plugin, ${differing.size} differ with it`);
  return { file, passed, failed, differing, missing: bare.missing };
}

function differences(bare, { outcomes, causes }) {
  const differing = new Map();
  for (const name of new Set([...bare.keys(), ...outcomes.keys()])) {
    const [without, withIt] = [bare.get(name) ?? 'not run', outcomes.get(name) ?? 'not run'];
    // A file fails with its tests; alone, its failure means that it crashed or did not end.
    if (name === WHOLE_FILE && differing.size > 0) continue;
    if (without !== withIt) differing.set(name, `${without} without, ${withIt} with the plugin: ${causes.get(name) ?? ''}`);
  }
  return differing;
}

/** @returns whether everything is as expected */
function report(all) {
  const sum = (key) => all.reduce((total, each) => total + each[key], 0);
  console.log(`\n${files.length} files: ${sum('passed')} tests pass and ${sum('failed')} fail without the plugin.`);
  for (const { file, missing } of all.filter((each) => each.missing !== undefined))
    console.log(`${file} needs ${missing}, which is not installed.`);
  let holds = true;
  for (const { file, differing } of all) holds = reportFile(file, differing) && holds;
  console.log(holds ? 'With it every test ends as expected.' : 'With it some do not end as expected: see above.');
  return holds;
}

function reportFile(file, differing) {
  const reasons = expected.differences[file] ?? {};
  const unexpected = [...differing].filter(([name]) => reasons[name] === undefined);
  const vanished = Object.keys(reasons).filter((name) => !differing.has(name));
  for (const [name, what] of unexpected) console.log(`\nUnexpected: ${file}: ${name}\n  ${what.replaceAll('\n', '\n  ')}`);
  for (const name of vanished) console.log(`\nNo longer differs, take it out of expected.json: ${file}: ${name}`);
  for (const [name] of differing) if (reasons[name] !== undefined) console.log(`\nExpected: ${file}: ${name}\n  ${reasons[name]}`);
  return unexpected.length + vanished.length === 0;
}

async function mapConcurrently(items, map) {
  const results = new Array(items.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await map(items[index]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
