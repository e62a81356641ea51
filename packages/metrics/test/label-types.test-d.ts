/** What the compiler refuses, and what it infers: checked by tsc, never run. */
import {
  Counter,
  type CounterSeries,
  Gauge,
  Histogram,
  Info,
  MetricsRegistry,
  type RecordOptions,
  runJob,
  StateSet,
  type StateSetSeries,
  Summary,
} from '@tsukimi/metrics';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<_T extends true>(): void {}

const registry = new MetricsRegistry();

// Label names are inferred as literals without `as const`.
const writes = registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'] });
const plain = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
const room = registry.gauge({ name: 'room_celsius', help: 'Degrees.', labelNames: ['room'] });
const size = registry.gauge({ name: 'queue_size', help: 'Items.' });
const seconds = registry.histogram({ name: 'request_seconds', help: 'Seconds.', labelNames: ['path'], buckets: [1] });
const rows = registry.histogram({ name: 'rows', help: 'Rows.' });
assertType<Equal<typeof writes, Counter<'table' | 'operation'>>>();
assertType<Equal<typeof plain, Counter<never>>>();
assertType<Equal<typeof plain, Counter>>();
assertType<Equal<typeof room, Gauge<'room'>>>();
assertType<Equal<typeof seconds, Histogram<'path'>>>();
assertType<Equal<typeof rows, Histogram<never>>>();

// The same for `new`.
assertType<
  Equal<
    Parameters<Counter<'a'>['inc']>,
    [labels: Readonly<Record<'a', string | number | boolean>>, amount?: number, options?: RecordOptions]
  >
>();
assertType<Equal<Parameters<Counter['inc']>, [amount?: number, options?: RecordOptions]>>();
const direct = new Counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'], registers: [] });
direct.inc({ table: 'orders' });
// @ts-expect-error: a label the metric does not have
direct.inc({ tabel: 'orders' });

// Counters.
plain.inc();
plain.inc(5);
writes.inc({ table: 'orders', operation: 'insert' });
writes.inc({ table: 'orders', operation: 5 }, 2);
writes.inc({ table: true, operation: 'insert' });
// @ts-expect-error: a label the metric does not have
writes.inc({ table: 'orders', operation: 'insert', region: 'eu' });
// @ts-expect-error: a misspelt label
writes.inc({ table: 'orders', operaton: 'insert' });
// @ts-expect-error: a label is missing
writes.inc({ table: 'orders' });
// @ts-expect-error: a labelled metric without labels
writes.inc();
// @ts-expect-error: a labelled metric without labels
writes.inc(5);
// @ts-expect-error: labels on a metric without labels
plain.inc({ table: 'orders' });
// @ts-expect-error: labels on a metric without labels, with an amount
plain.inc({ table: 'orders' }, 5);
// @ts-expect-error: an amount that is a text
plain.inc('5');
// @ts-expect-error: an amount that is a text
writes.inc({ table: 'orders', operation: 'insert' }, '5');
// @ts-expect-error: a label value that is an object
writes.inc({ table: {}, operation: 'insert' });
// @ts-expect-error: a label value that is undefined
writes.inc({ table: undefined, operation: 'insert' });
// @ts-expect-error: counters don't go down
plain.dec();

// Series.
assertType<Equal<ReturnType<typeof writes.labels>, CounterSeries>>();
writes.labels('orders', 'insert').inc(2);
writes.labels({ table: 'orders', operation: 'insert' }).inc();
// @ts-expect-error: a series takes no labels
writes.labels('orders', 'insert').inc({ table: 'orders' });
// @ts-expect-error: a label is missing
writes.labels({ table: 'orders' });
// @ts-expect-error: a misspelt label
writes.remove({ table: 'orders', operaton: 'insert' });

// Gauges.
size.set(5);
room.set({ room: 'hall' }, 20);
room.setToCurrentTime({ room: 'hall' });
room.startTimer({ room: 'hall' })();
room.startTimer()({ room: 'hall' });
assertType<Equal<ReturnType<ReturnType<typeof room.startTimer>>, number>>();
// @ts-expect-error: a value is missing
size.set();
// @ts-expect-error: a value is missing
room.set({ room: 'hall' });
// @ts-expect-error: a labelled metric without labels
room.set(20);
// @ts-expect-error: a misspelt label
room.dec({ rom: 'hall' });
// @ts-expect-error: labels on a metric without labels
size.setToCurrentTime({ room: 'hall' });
// @ts-expect-error: a labelled metric without labels
room.setToCurrentTime();
// @ts-expect-error: a misspelt label
room.startTimer({ rom: 'hall' });
// @ts-expect-error: an aggregator that does not exist
registry.gauge({ name: 'g', help: 'G.', aggregator: 'median' });

// Histograms.
rows.observe(5);
seconds.observe({ path: '/' }, 0.5);
seconds.zero({ path: '/' });
seconds.startTimer({ path: '/' })();
// @ts-expect-error: a value is missing
seconds.observe({ path: '/' });
// @ts-expect-error: a labelled metric without labels
seconds.observe(0.5);
// @ts-expect-error: a label the metric does not have
seconds.observe({ path: '/', method: 'GET' }, 0.5);
// @ts-expect-error: a misspelt label
seconds.zero({ pth: '/' });
// @ts-expect-error: buckets are numbers
registry.histogram({ name: 'h', help: 'H.', buckets: ['1'] });

// Summaries.
const late = registry.summary({
  name: 'late_seconds',
  help: 'L.',
  labelNames: ['path'],
  quantiles: [0.5],
  maxAgeSeconds: 60,
  ageBuckets: 3,
});
const size2 = registry.summary({ name: 'size_bytes', help: 'S.', percentiles: [0.5] });
assertType<Equal<typeof late, Summary<'path'>>>();
assertType<Equal<typeof size2, Summary<never>>>();
late.observe({ path: '/' }, 5);
size2.observe(5);
// @ts-expect-error: a labelled metric without labels
late.observe(5);
// @ts-expect-error: a misspelt label
late.observe({ pth: '/' }, 5);
// @ts-expect-error: quantiles are numbers
registry.summary({ name: 's', help: 'S.', quantiles: ['0.5'] });

// Infos.
const about = registry.info({ name: 'application_info', help: 'A.', labelNames: ['version', 'author'] });
assertType<Equal<typeof about, Info<'version' | 'author'>>>();
about.set({ version: '1', author: 'Ann' });
// @ts-expect-error: a label is missing
about.set({ version: '1' });
// @ts-expect-error: a label the metric does not have
about.set({ version: '1', author: 'Ann', commit: 'c' });
// @ts-expect-error: words have no unit
registry.info({ name: 'wait_seconds_info', help: 'A.', unit: 'seconds' });

// State sets: states are inferred as literals without `as const`.
const state = registry.stateSet({ name: 'application_state', help: 'S.', states: ['starting', 'running'] });
const worker = registry.stateSet({ name: 'worker_state', help: 'S.', states: ['idle', 'busy'], labelNames: ['worker'] });
assertType<Equal<typeof state, StateSet<'starting' | 'running', never>>>();
assertType<Equal<typeof worker, StateSet<'idle' | 'busy', 'worker'>>>();
assertType<Equal<ReturnType<typeof worker.labels>, StateSetSeries<'idle' | 'busy'>>>();
state.set('running');
worker.set({ worker: '1' }, 'idle');
worker.labels('1').set('busy');
// @ts-expect-error: a state it does not have
state.set('stopped');
// @ts-expect-error: a state it does not have
worker.labels('1').set('running');
// @ts-expect-error: a state is missing
worker.set({ worker: '1' });
// @ts-expect-error: a labelled metric without labels
worker.set('idle');
// @ts-expect-error: states are required
registry.stateSet({ name: 's', help: 'S.' });

// Work that is measured gives what it gives.
assertType<Equal<ReturnType<typeof runNumber>, number>>();
function runNumber() {
  return rows.time(() => 5);
}
const text: Promise<string> = seconds.time({ path: '/' }, async () => 'x');
const inFlight: number = room.track({ room: 'hall' }, () => 5);
const tracked: string = size.labels().track(() => 'x');
const timed: string = late.labels('/').time(() => 'x');
size.time(() => [text, inFlight, tracked, timed]);
// @ts-expect-error: a labelled metric without labels
seconds.time(() => 5);
// @ts-expect-error: a misspelt label
room.track({ rom: 'hall' }, () => 5);
// @ts-expect-error: work is missing
rows.time();

// Exemplars.
rows.observe(5, { exemplar: { trace_id: 'x', span_id: undefined } });
seconds.observe({ path: '/' }, 5, { exemplar: { trace_id: 'x' } });
plain.inc(1, { exemplar: { trace_id: 'x' } });
writes.labels('orders', 'insert').inc(1, { exemplar: { trace_id: 'x' } });
// @ts-expect-error: gauges have none
size.set(5, { exemplar: { trace_id: 'x' } });
// @ts-expect-error: labels are texts, numbers or booleans
rows.observe(5, { exemplar: { trace_id: {} } });

// Formats.
registry.expose({ format: 'openmetrics', names: ['a_total'] });
// @ts-expect-error: a format that does not exist
registry.expose({ format: 'protobuf' });

// Jobs.
const job = runJob({ url: 'http://localhost:9091', job: 'import', registry }, async () => 5);
assertType<Equal<typeof job, Promise<number>>>();
// @ts-expect-error: whose metrics?
runJob({ url: 'http://localhost:9091', job: 'import' }, () => 5);

// Names that are only known at run time are texts.
const dynamic = registry.counter({ name: 'd_total', help: 'D.', labelNames: process.argv });
assertType<Equal<typeof dynamic, Counter<string>>>();
dynamic.inc({ whatever: 'x' });

// Options.
// @ts-expect-error: help is required
registry.counter({ name: 'c_total' });
// @ts-expect-error: a registry's own methods know where to register
registry.counter({ name: 'c_total', help: 'C.', registers: [registry] });
// @ts-expect-error: buckets belong to histograms
registry.counter({ name: 'c_total', help: 'C.', buckets: [1] });
// @ts-expect-error: names are texts
registry.expose({ names: [5] });
registry.counter({
  name: 'c_total',
  help: 'C.',
  labelNames: ['a'],
  collect() {
    this.inc({ a: '1' });
    // @ts-expect-error: `this` is the counter with its labels
    this.inc({ b: '1' });
  },
});

// No `any`: what comes out has types.
type IsAny<T> = 0 extends 1 & T ? true : false;
assertType<Equal<IsAny<Awaited<ReturnType<typeof writes.get>>>, false>>();
assertType<Equal<IsAny<Awaited<ReturnType<typeof writes.get>>['values'][number]['labels']>, false>>();
assertType<Equal<IsAny<ReturnType<typeof registry.snapshot>>, false>>();
assertType<Equal<IsAny<(typeof registry)['instruments'][number]>, false>>();
assertType<Equal<IsAny<(typeof writes)['series'][number]>, false>>();
assertType<Equal<IsAny<ReturnType<typeof registry.snapshot>['metrics'][number]['series'][number]>, false>>();
assertType<Equal<IsAny<Awaited<ReturnType<typeof late.get>>['values'][number]>, false>>();
