/** Reading histogram series for an exporter: all of them, and what has changed since the last read, against what prom-client's and OpenTelemetry's exporters read. */
import { AggregationTemporality, AggregationType, type IMetricReader, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { Histogram, Registry } from 'prom-client';
import { DeltaReader, MetricsRegistry } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import { cpuOf, watched } from '../support/watched.js';

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABELS = ['component', 'method'] as const;

interface Subject {
  /** Adds a value to every n-th series. */
  change(every: number): void;
  read(): Promise<unknown>;
}

interface Measured {
  /** Milliseconds of CPU time. */
  readonly cpu: number;
  /** Milliseconds of the longest time without a turn of the event loop. */
  readonly block: number;
}

/** Read by hand. */
class Reader extends MetricReader implements IMetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

await runSuite(read);

async function read({ quick }: SuiteOptions): Promise<Row[]> {
  const [most, rounds] = quick ? [200, 2] : [10_000, 11];
  const rows: Row[] = [];
  for (const count of [most / 10, most]) {
    const subjects = { ...ours(count), promClient: promClient(count), openTelemetry: openTelemetry(count) };
    const all = await compare(subjects, { every: 1, rounds });
    const some = await compare({ delta: subjects.delta }, { every: 100, rounds });
    rows.push(...rowsOf(count, all, some['delta'] as Measured));
  }
  return rows;
}

function rowsOf(count: number, all: Readonly<Record<string, Measured>>, some: Measured): Row[] {
  const [whole, delta, promClientJson, collected] = ['whole', 'delta', 'promClient', 'openTelemetry'].map((name) => all[name] as Measured);
  const ratio = (of: Measured | undefined, to: Measured | undefined) => (of?.cpu ?? Number.NaN) / (to?.cpu ?? Number.NaN);
  const ms = (value: number | undefined) => `${format(value ?? Number.NaN)} ms`;
  return [
    atMost(`CPU of reading ${count} histogram series, against prom-client's getMetricsAsJSON()`, 0.5, {
      value: ratio(whole, promClientJson),
      unit: 'x',
      detail: `ours ${ms(whole?.cpu)}, prom-client ${ms(promClientJson?.cpu)}`,
    }),
    atMost(`CPU of a delta of ${count} histogram series, all changed, against OpenTelemetry's collection of exponential ones`, 1, {
      value: ratio(delta, collected),
      unit: 'x',
      detail: `ours ${ms(delta?.cpu)}, opentelemetry ${ms(collected?.cpu)}`,
    }),
    atMost('the same, one in a hundred changed, against all', 0.25, {
      value: ratio(some, delta),
      unit: 'x',
      detail: `one in a hundred ${ms(some.cpu)}, all ${ms(delta?.cpu)}`,
    }),
    atMost('longest event-loop block of the read and the delta', 8, {
      value: Math.max(whole?.block ?? Number.NaN, delta?.block ?? Number.NaN),
      unit: ' ms',
      detail: `read ${ms(whole?.block)}, delta ${ms(delta?.block)}, prom-client ${ms(promClientJson?.block)}, opentelemetry ${ms(collected?.block)}`,
    }),
  ];
}

function ours(count: number): { readonly whole: Subject; readonly delta: Subject } {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: count });
  const histogram = registry.histogram({ name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, buckets: BUCKETS });
  const series = Array.from({ length: count }, (_, id) => histogram.labels(labelsOf(id)));
  const reader = new DeltaReader(registry);
  const change = (every: number): void => {
    for (let id = 0; id < count; id += every) series[id]?.observe(Math.random());
  };
  const whole = async (): Promise<void> => {
    for await (const _ of registry.read());
  };
  return { whole: { change, read: whole }, delta: { change, read: () => reader.read() } };
}

function promClient(count: number): Subject {
  const registry = new Registry();
  const options = { name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, buckets: BUCKETS, registers: [registry] };
  const histogram = new Histogram(options);
  return {
    change(every) {
      for (let id = 0; id < count; id += every) histogram.observe(labelsOf(id), Math.random());
    },
    read: () => registry.getMetricsAsJSON(),
  };
}

function openTelemetry(count: number): Subject {
  const reader = new Reader({
    aggregationSelector: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }),
    aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    cardinalitySelector: () => count + 1,
  });
  const histogram = new MeterProvider({ readers: [reader] }).getMeter('benchmark').createHistogram('duration', { unit: 's' });
  return {
    change(every) {
      for (let id = 0; id < count; id += every) histogram.record(Math.random(), labelsOf(id));
    },
    read: () => reader.collect(),
  };
}

function labelsOf(id: number): Record<(typeof LABELS)[number], string> {
  return { component: `Component${id % 100}`, method: `method${id}` };
}

async function compare(
  subjects: Readonly<Record<string, Subject>>,
  { every, rounds }: { readonly every: number; readonly rounds: number },
): Promise<Record<string, Measured>> {
  const turns = new Map<string, Measured[]>(Object.keys(subjects).map((name) => [name, []]));
  for (const { change, read: readAll } of Object.values(subjects)) {
    for (let value = 0; value < 20; value += 1) change(1);
    await readAll();
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      subject.change(every);
      globalThis.gc?.();
      // Measured one after the other: watching the event loop keeps the processor busy.
      const { cpu } = await cpuOf(() => subject.read());
      subject.change(every);
      globalThis.gc?.();
      const { block } = await watched(() => subject.read());
      turns.get(name)?.push({ cpu, block });
    }
  }
  return Object.fromEntries(
    [...turns].map(([name, values]) => [
      name,
      { cpu: median(values.map(({ cpu }) => cpu)), block: median(values.map(({ block }) => block)) },
    ]),
  );
}
