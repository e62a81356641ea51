/** A full scrape of 10,000 histogram series: how long it takes, and for how long it keeps the event loop from turning. */
import { Histogram, Registry } from 'prom-client';
import { type HistogramSeries, MetricsRegistry } from 'tsukimi';
import { successor } from '../support/peers.js';
import { median } from '../support/rounds.js';
import { atLeast, atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Subject {
  /** Adds a value to every n-th series. */
  change(every: number): void;
  scrape(): Promise<unknown>;
}

await runSuite(scrape);

async function scrape({ quick }: SuiteOptions): Promise<Row[]> {
  const count = quick ? 200 : 10_000;
  const rounds = quick ? 2 : 9;
  const ours = tsukimi(count);
  const theirs = promClient(count, { Histogram, Registry });
  const next = await successor();
  const nextPeer = next === undefined ? undefined : promClient(count, next);
  const all = await compare({ ours, theirs, ...(nextPeer && { nextPeer }) }, 1, rounds);
  const some = await compare({ ours, theirs }, 10, rounds);
  const both = await twoAtOnce(ours, rounds);
  return [
    atLeast(`full scrape, ${count} histogram series, all changed, against prom-client`, 4, {
      value: ratio(all, 'theirs', 'ours'),
      unit: 'x faster',
      detail: figures(all),
    }),
    atLeast('the same, one in ten changed', 10, { value: ratio(some, 'theirs', 'ours'), unit: 'x faster', detail: figures(some) }),
    atMost('longest event-loop block during that scrape', 10, {
      value: Math.max(all['ours']?.block ?? 0, some['ours']?.block ?? 0),
      unit: ' ms',
      detail: `prom-client ${format(all['theirs']?.block ?? 0)} ms`,
    }),
    atMost('two scrapes at once, against one', 1.2, {
      value: both.two / both.one,
      unit: 'x',
      detail: `one ${format(both.one)} ms, two ${format(both.two)} ms`,
    }),
  ];
}

function tsukimi(count: number): Subject {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: count });
  const histogram = registry.histogram({
    name: 'duration_seconds',
    help: 'Durations.',
    labelNames: ['component', 'method'],
    buckets: BUCKETS,
  });
  const series = Array.from(
    { length: count },
    (_, id): HistogramSeries => histogram.labels({ component: `Component${id % 100}`, method: `method${id}` }),
  );
  return {
    change: (every) => {
      for (let id = 0; id < count; id += every) series[id]?.observe(Math.random());
    },
    scrape: async () => {
      for await (const _ of registry.exposeStream());
    },
  };
}

function promClient(count: number, module: { readonly Histogram: typeof Histogram; readonly Registry: typeof Registry }): Subject {
  const registry = new module.Registry();
  const histogram = new module.Histogram({
    name: 'duration_seconds',
    help: 'Durations.',
    labelNames: ['component', 'method'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    change: (every) => {
      for (let id = 0; id < count; id += every)
        histogram.observe({ component: `Component${id % 100}`, method: `method${id}` }, Math.random());
    },
    scrape: () => registry.metrics(),
  };
}

interface Measured {
  /** Milliseconds of CPU time that a scrape takes. */
  readonly time: number;
  /** Milliseconds of the longest time without a turn of the event loop. */
  readonly block: number;
}

async function compare(subjects: Readonly<Record<string, Subject>>, every: number, rounds: number): Promise<Record<string, Measured>> {
  const turns = new Map<string, { time: number; block: number }[]>(Object.keys(subjects).map((name) => [name, []]));
  for (const subject of Object.values(subjects)) {
    subject.change(1);
    await subject.scrape();
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      subject.change(every);
      globalThis.gc?.();
      turns.get(name)?.push(await watched(() => subject.scrape()));
    }
  }
  return Object.fromEntries(
    [...turns].map(([name, values]) => [
      name,
      { time: median(values.map(({ time }) => time)), block: median(values.map(({ block }) => block)) },
    ]),
  );
}

/** Runs work while a chain of immediates watches how long each turn of the event loop takes. */
async function watched(work: () => Promise<unknown>): Promise<Measured> {
  let block = 0;
  let last = performance.now();
  let watching = true;
  const watch = (): void => {
    const now = performance.now();
    block = Math.max(block, now - last);
    last = now;
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  await work();
  const time = performance.now() - start;
  watching = false;
  watch();
  return { time, block };
}

async function twoAtOnce(subject: Subject, rounds: number): Promise<{ one: number; two: number }> {
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    subject.change(1);
    one.push((await watched(() => subject.scrape())).time);
    subject.change(1);
    two.push((await watched(() => Promise.all([subject.scrape(), subject.scrape()]))).time);
  }
  return { one: median(one), two: median(two) };
}

function ratio(measured: Readonly<Record<string, Measured>>, of: string, to: string): number {
  return (measured[of]?.time ?? Number.NaN) / (measured[to]?.time ?? Number.NaN);
}

function figures(measured: Readonly<Record<string, Measured>>): string {
  const names: Readonly<Record<string, string>> = { ours: 'ours', theirs: 'prom-client', nextPeer: '@prometheus-io/client' };
  return Object.entries(measured)
    .map(([name, { time }]) => `${names[name]} ${format(time)} ms`)
    .join(', ');
}
