/** Metrics of worker threads are those of the process: with piscina, whose threads block while they wait for work. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { httpInstrumentation, registerThread } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';

/** What is used of a pool. */
interface Pool {
  run(task: { readonly kind: string; readonly size: number }): Promise<number>;
  destroy(): Promise<void>;
}

// Not by `import`, because the declarations of piscina do not pass the compiler's strict checks.
const { Piscina } = createRequire(import.meta.url)('piscina') as { readonly Piscina: new (options: object) => Pool };

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const WORK = fileURLToPath(new URL('./fixtures/work.mjs', import.meta.url));
const PATIENT = { timeoutMs: 60_000 };

// Threads run what is built, without the options of the test's process, which asks for sources.
beforeAll(() => promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', join(ROOT, 'packages/instrumentation')]), 240_000);

async function measured() {
  const registry = new MetricsRegistry({ defaultLabels: { zone: 'a' } });
  const app = fastify();
  await app.register(httpInstrumentation, { registry });
  await app.ready();
  onTestFinished(() => app.close());
  const lines = async (name: string) => {
    const { body } = await app.inject(`/metrics/prometheus?name[]=${name}`);
    return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  };
  const shows = (name: string, expected: readonly string[]) =>
    waitUntil(`${name}: ${expected}`, async () => JSON.stringify(await lines(name)) === JSON.stringify(expected), PATIENT);
  return { registry, shows };
}

test('counts what the threads of piscina do, also when they have ended', { timeout: 240_000 }, async () => {
  const { registry, shows } = await measured();
  registry.counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'] }).inc({ kind: 'resize' });
  const pool = new Piscina({ filename: WORK, minThreads: 2, maxThreads: 2, execArgv: [] });
  const threads = await Promise.all(
    Array.from({ length: 40 }, (_, job) => pool.run({ kind: job % 2 === 0 ? 'resize' : 'crop', size: job })),
  );
  const count = new Set(threads).size;
  await shows('jobs_total', ['jobs_total{kind="resize",zone="a"} 21', 'jobs_total{kind="crop",zone="a"} 20']);
  await shows('job_size_bytes', [
    'job_size_bytes_bucket{zone="a",le="10"} 11',
    'job_size_bytes_bucket{zone="a",le="100"} 40',
    'job_size_bytes_bucket{zone="a",le="+Inf"} 40',
    'job_size_bytes_sum{zone="a"} 780',
    'job_size_bytes_count{zone="a"} 40',
  ]);
  if (count === 2) await shows('threads', ['threads{zone="a"} 2']);
  await pool.destroy();
  await shows('jobs_total', ['jobs_total{kind="resize",zone="a"} 21', 'jobs_total{kind="crop",zone="a"} 20']);
});

test('has what a thread counted last, and none of its gauges, when it has ended', { timeout: 240_000 }, async () => {
  const { shows } = await measured();
  const code = `import(${JSON.stringify(new URL('./fixtures/work.mjs', import.meta.url).href)}).then(({ default: work }) => work({ kind: 'last', size: 5 }))`;
  const thread = new Worker(code, { eval: true, execArgv: [] });
  await new Promise((resolve) => thread.once('exit', resolve));
  await shows('jobs_total', ['jobs_total{kind="last",zone="a"} 1']);
  await shows('threads', []);
});

test('in the main thread, only gives a registry', () => {
  const registry = new MetricsRegistry();
  expect(registerThread({ registry })).toBe(registry);
  expect(registerThread()).toBeInstanceOf(MetricsRegistry);
});
