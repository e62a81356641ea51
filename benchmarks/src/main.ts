/** Runs every suite, prints one table, and fails where a suite does. `--quick` for a look that asserts nothing; names of suites to run only those. */
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import type { Row } from './support/row.js';

const SUITES = [
  'sync-calls',
  'async-calls',
  'returned-values',
  'promise-tricks',
  'labels-per-call',
  'context',
  'tracing',
  'growth',
  'scrape',
  'read',
  'memory',
  'startup',
  'http',
  'workers',
  'totals',
  'http-client',
  'postgres',
  'redis',
  'statsd',
  'otlp',
  'console',
  'profile',
] as const;

const quick = process.argv.includes('--quick');
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}${quick ? ', quick: the figures mean nothing' : ''}\n`,
);
const rows: Row[] = [];
for (const suite of SUITES.filter((name) => asked.length === 0 || asked.includes(name))) rows.push(...(await run(suite)));
printTable(rows);
if (!quick && rows.some(({ holds }) => holds === false)) process.exitCode = 2;

function run(suite: string): Promise<Row[]> {
  const file = new URL(`./suites/${suite}.js`, import.meta.url);
  const child = fork(file, quick ? ['--quick'] : [], { execArgv: ['--expose-gc', '--max-semi-space-size=64'] });
  return new Promise((resolve, reject) => {
    let received: Row[] | undefined;
    child.on('message', (message) => {
      received = message as Row[];
    });
    child.on('exit', (code) =>
      received === undefined ? reject(new Error(`${suite} ended with code ${code} and no rows`)) : resolve(received),
    );
  });
}

function printTable(all: readonly Row[]): void {
  console.log('| what | budget | measured | holds | figures |\n|---|---|---|---|---|');
  for (const { what, budget, measured, holds, detail } of all) {
    console.log(`| ${what} | ${budget} | ${measured} | ${holds === undefined ? '' : holds ? 'yes' : 'NO'} | ${detail} |`);
  }
}
