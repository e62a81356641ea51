/** The history of the live page at 1,000 series, all changed in every second: what a sample costs, and what the last 20 minutes take. */
import { makeLivePage } from '@tsukimi/console';
import { MetricsRegistry } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import { cpuOf } from '../support/watched.js';

const MB = 1e6;
const SECONDS = 1200;

await runSuite(console);

async function console({ quick }: SuiteOptions): Promise<Row[]> {
  const [count, seconds] = quick ? [50, 20] : [1000, SECONDS];
  const registry = new MetricsRegistry();
  const change = changing(registry, count);
  let now = 1_700_000_000;
  // What the metrics themselves take is not the history's.
  for (let second = 0; second < 20; second += 1) change();
  const before = await used();
  const page = makeLivePage(
    {
      registry,
      logger: undefined as never,
      application: { name: undefined, version: undefined },
      isMeasuring: true,
      tasks: undefined,
      settings: undefined,
      profile: undefined,
      canProfile: () => false,
      kindOf: () => undefined,
      errors: undefined,
    },
    { clock: () => now },
  );
  const costs: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    change();
    now += 1;
    costs.push((await cpuOf(() => page.sample())).cpu);
  }
  const grown = ((await used()) - before) / MB;
  const cpu = median(costs.slice(Math.floor(seconds / 2)));
  const { tiers, newest, oldest } = page.history;
  page.stop();
  return [
    atMost(`CPU of a sample of the live page, ${count} series, all changed, once a second`, 0.5, {
      value: cpu / 10,
      unit: ' % of a core',
      detail: `${format(cpu)} ms`,
    }),
    atMost(`memory of its history after ${Math.round(seconds / 60)} minutes, with what is known of the series`, 16, {
      value: grown,
      unit: ' MB',
      detail: `frames ${format(tiers.bytes / MB)} MB, the last ${Math.round((newest - oldest) / 60)} minutes`,
    }),
  ];
}

/** Half of the series are histograms with 20 values a second, over two powers of two. */
function changing(registry: MetricsRegistry, count: number): () => void {
  const calls = registry.counter({ name: 'bench_calls_total', help: 'h', labelNames: ['method'] });
  const durations = registry.histogram({ name: 'bench_call_seconds', help: 'h', labelNames: ['method'] });
  const counters = Array.from({ length: count / 2 }, (_, id) => calls.labels({ method: `m${id}` }));
  const histograms = Array.from({ length: count / 2 }, (_, id) => durations.labels({ method: `m${id}` }));
  let turn = 0;
  return () => {
    turn += 1;
    for (const counter of counters) counter.inc();
    for (const histogram of histograms)
      for (let value = 0; value < 20; value += 1) histogram.observe(0.001 * 4 ** (((turn * 7 + value * 3) % 20) / 20));
  };
}

/** Arrays are given back a little after they are collected. */
async function used(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
