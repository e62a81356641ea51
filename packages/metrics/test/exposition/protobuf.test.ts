/** The protobuf format, decoded by a library: it says what the text says, and has native histograms beside. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { fineBucketIndex } from '../../src/fine-buckets.js';
import { type MetricsRegistry, OPENMETRICS_CONTENT_TYPE } from '../../src/index.js';
import { type DecodedHistogram, decodedFamilies, nativeCounts, samplesOf, sampleText } from '../support/metric-families.js';
import { openRegistry, thrownBy, untyped } from '../support/open-registry.js';
import { parseStrictly } from '../support/strict-parser.js';

async function bytesOf(registry: MetricsRegistry, names?: readonly string[]): Promise<Uint8Array> {
  return buffer(Readable.from(registry.exposeStream({ format: 'protobuf', names })));
}

async function histogramOf(registry: MetricsRegistry, name: string): Promise<DecodedHistogram> {
  const [family] = decodedFamilies(await bytesOf(registry, [name]));
  return family?.metric[0]?.histogram as DecodedHistogram;
}

const ODD_TEXTS = ['"', '\\', 'a\nb', '🌕', 'x\ud800y', '\0', 'ä', 'x'.repeat(1000), 'y'.repeat(127), 'z'.repeat(128)];

/** Every kind, ours and prom-client's. */
function recordAll(registry: MetricsRegistry): void {
  const odd = registry.counter({ name: 'odd_total', help: 'Odd "\\\n🌕.', labelNames: ['text', 'none'] });
  for (const [index, text] of ODD_TEXTS.entries()) odd.inc({ text, none: '' }, index + 0.5);
  registry.counter({ name: 'large_total', help: 'Large.' }).inc(Number.MAX_SAFE_INTEGER);
  const wait = registry.histogram({ name: 'wait_seconds', help: 'Wait.', labelNames: ['path'], buckets: [0.5, 1] });
  for (const path of ['/', '/a']) for (const seconds of [0, 1e-9, 1, 1, 5]) wait.observe({ path }, seconds);
  registry.histogram({ name: 'empty_seconds', help: 'Empty.' });
  registry.histogram({ name: 'classic_seconds', help: 'Classic.', native: false }).observe(1);
  registry.summary({ name: 'size_bytes', help: 'Size.', quantiles: [0.5, 0.99] }).observe(512);
  registry.summary({ name: 'unused_bytes', help: 'Unused.' });
  registry.info({ name: 'app_info', help: 'App.', labelNames: ['version'] }).set({ version: '1.0 "a"' });
  registry
    .stateSet({ name: 'app_state', help: 'State.', states: ['starting', 'running'], labelNames: ['part'] })
    .set({ part: 'x' }, 'running');
  registry.gauge({ name: 'room_celsius', help: 'Room.' }).set(Number.NEGATIVE_INFINITY);
  registry.gauge({ name: 'none_bytes', help: 'No series.', labelNames: ['a'] });
  const labelNames = ['a'];
  new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', labelNames, registers: [registry] }).inc({ a: '1' }, 4);
  new promClient.Gauge({ name: 'their_gauge', help: 'Theirs.', registers: [registry] }).set(-1.5);
  const histogram = new promClient.Histogram({
    name: 'their_seconds',
    help: 'Theirs.',
    labelNames,
    buckets: [0.1, 1],
    registers: [registry],
  });
  for (const a of ['1', '2']) for (const seconds of [0.05, 0.5, 7]) histogram.observe({ a }, seconds);
  const summary = new promClient.Summary({ name: 'their_sizes', help: 'Theirs.', percentiles: [0.5], registers: [registry] });
  summary.observe(3);
}

describe('what it says is what the text says', () => {
  test.each([{}, { app: 'a"b', path: 'default', empty: '' }])('with the default labels %j', async (defaultLabels) => {
    const { registry, errors } = openRegistry({ defaultLabels });
    recordAll(registry);
    const text = parseStrictly(await registry.expose());
    const families = decodedFamilies(await bytesOf(registry));
    const fromText = text.flatMap(({ samples }) => samples.map(({ name, labels, value }) => sampleText(name, canonical(labels), value)));
    expect(samplesOf(families)).toEqual(fromText);
    const headOf = ({ name, help, type }: { name: string; help: string; type: string }) => [name, help, type.toLowerCase()];
    expect(families.map(headOf)).toEqual(text.filter(({ samples }) => samples.length > 0).map(headOf));
    expect(errors).toEqual([]);
  });

  test('with 2,000 series, while the event loop turns', async () => {
    const { registry } = openRegistry({ maxSeriesPerMetric: 5000 });
    const histogram = registry.histogram({ name: 'seconds', help: 'Seconds.', labelNames: ['path'] });
    for (let index = 0; index < 2000; index += 1) histogram.observe({ path: `/api/things/${index}` }, index / 1000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of registry.exposeStream({ format: 'protobuf' })) chunks.push(chunk);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(40_000);
    const text = await registry.expose();
    expect(samplesOf(decodedFamilies(Buffer.concat(chunks)))).toHaveLength(parseStrictly(text).flatMap(({ samples }) => samples).length);
  });
});

/** Bounds as JavaScript writes them, whichever way the text has them. */
function canonical(labels: Readonly<Record<string, string>>): Record<string, string> {
  const changed: Record<string, string> = { ...labels };
  for (const bound of ['le', 'quantile'])
    if (labels[bound] !== undefined && labels[bound] !== '+Inf') changed[bound] = String(Number(labels[bound]));
  return changed;
}

describe('units, times and exemplars', () => {
  test('a unit where the name has one', async () => {
    const { registry } = openRegistry();
    recordAll(registry);
    registry.counter({ name: 'cpu_seconds_total', help: 'CPU.' });
    const units = decodedFamilies(await bytesOf(registry)).map(({ name, unit }) => [name, unit]);
    expect(units).toContainEqual(['wait_seconds', 'seconds']);
    expect(units).toContainEqual(['cpu_seconds_total', 'seconds']);
    expect(units).toContainEqual(['odd_total', undefined]);
  });

  test('the time when each series began to count', async () => {
    const { registry } = openRegistry();
    const before = Date.now();
    recordAll(registry);
    const after = Date.now();
    const families = decodedFamilies(await bytesOf(registry));
    const created = families.flatMap(({ metric }) =>
      metric.flatMap(({ counter, summary, histogram }) => (counter ?? summary ?? histogram)?.created_timestamp ?? []),
    );
    // 10 odd, 1 large, 2 wait, 1 empty, 1 classic, 2 summaries; nothing has them of the registry's own two without a series, and of prom-client's.
    expect(created).toHaveLength(17);
    for (const { seconds, nanos } of created) {
      expect(seconds * 1000 + nanos / 1e6).toBeGreaterThanOrEqual(before - 1);
      expect(seconds * 1000 + nanos / 1e6).toBeLessThanOrEqual(after + 1);
    }
  });

  test('exemplars of counters and of each bucket, the one above all bounds too', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'c_total', help: 'C.' }).inc(2, { exemplar: { trace_id: 'c' } });
    const histogram = registry.histogram({ name: 'h_seconds', help: 'H.', buckets: [1, 2] });
    histogram.observe(0.5, { exemplar: { trace_id: 'low', span: '🌕' } });
    histogram.observe(7, { exemplar: { trace_id: 'high' } });
    registry.setContentType(OPENMETRICS_CONTENT_TYPE);
    const theirs = new promClient.Counter({ name: 'theirs_total', help: 'T.', registers: [registry], enableExemplars: true } as never);
    (theirs.inc as unknown as (given: object) => void)({ value: 3, exemplarLabels: { trace_id: 'theirs' } });
    const families = decodedFamilies(await bytesOf(registry));
    const metricOf = (name: string) => families.find((family) => family.name === name)?.metric[0];
    expect(metricOf('c_total')?.counter?.exemplar).toMatchObject({ label: [{ name: 'trace_id', value: 'c' }], value: 2 });
    expect(metricOf('c_total')?.counter?.exemplar?.timestamp?.seconds).toBeGreaterThan(1e9);
    expect(metricOf('theirs_total')?.counter?.exemplar).toMatchObject({ label: [{ name: 'trace_id', value: 'theirs' }], value: 3 });
    const buckets = metricOf('h_seconds')?.histogram?.bucket;
    expect(buckets?.map(({ upper_bound, exemplar }) => [upper_bound, exemplar?.label?.map(({ value }) => value), exemplar?.value])).toEqual(
      [
        [1, ['low', '🌕'], 0.5],
        [2, undefined, undefined],
        [Number.POSITIVE_INFINITY, ['high'], 7],
      ],
    );
  });
});

describe('native histograms', () => {
  test('have every value in its bucket of schema 4, and zeros by themselves', async () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 2 ** -30, max: 2 ** 40, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 100 }), async (values) => {
        const { registry } = openRegistry();
        const histogram = registry.histogram({ name: 'h', help: 'H.' });
        for (const each of values) histogram.observe(each);
        const decoded = await histogramOf(registry, 'h');
        const expected = new Map<number, number>();
        for (const each of values) if (each > 0) expected.set(fineBucketIndex(each), (expected.get(fineBucketIndex(each)) ?? 0) + 1);
        expect(decoded.schema).toBe(4);
        expect(decoded.zero_threshold).toBe(2 ** -128);
        expect(decoded.zero_count).toBe(values.filter((each) => each === 0).length);
        expect([...nativeCounts(decoded)]).toEqual([...expected].sort(([one], [other]) => one - other));
        expect(decoded.sample_count).toBe(values.length);
      }),
      { numRuns: 200 },
    );
  });

  test('have no more buckets with values than asked for: neighbours become one', async () => {
    const octaves = fc.uniqueArray(fc.integer({ min: -470, max: 640 }), { minLength: 1, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(octaves, fc.integer({ min: 8, max: 200 }), async (indexes, maxNativeBuckets) => {
        const { registry } = openRegistry();
        const histogram = registry.histogram({ name: 'h', help: 'H.', maxNativeBuckets });
        for (const index of indexes) histogram.observe(2 ** ((index - 0.5) / 16));
        const decoded = await histogramOf(registry, 'h');
        const counts = nativeCounts(decoded);
        const schema = decoded.schema as number;
        expect(counts.size).toBeLessThanOrEqual(maxNativeBuckets);
        const inSchema = (lower: number) => {
          const merged = new Map<number, number>();
          for (const index of indexes) {
            const bucket = Math.ceil(index / 2 ** (4 - lower));
            merged.set(bucket, (merged.get(bucket) ?? 0) + 1);
          }
          return merged;
        };
        expect([...counts]).toEqual([...inSchema(schema)].sort(([one], [other]) => one - other));
        // The finest that fits.
        if (schema < 4) expect(inSchema(schema + 1).size).toBeGreaterThan(maxNativeBuckets);
      }),
      { numRuns: 100 },
    );
  });

  test('keep a lowered schema until they are reset', async () => {
    const { registry } = openRegistry();
    const histogram = registry.histogram({ name: 'h', help: 'H.', maxNativeBuckets: 16 });
    const schemas: (number | undefined)[] = [];
    for (let index = 0; index < 64; index += 1) {
      histogram.observe(2 ** ((index + 0.5) / 16));
      schemas.push((await histogramOf(registry, 'h')).schema);
    }
    for (let more = 0; more < 10; more += 1) histogram.observe(1.01);
    schemas.push((await histogramOf(registry, 'h')).schema);
    expect(new Set(schemas)).toEqual(new Set([4, 3, 2]));
    expect(schemas).toEqual(schemas.toSorted((one, other) => Number(other) - Number(one)));
    histogram.reset();
    histogram.observe(1);
    expect((await histogramOf(registry, 'h')).schema).toBe(4);
  });

  test('are native before their first value too, and not where they are not wanted', async () => {
    const { registry } = openRegistry();
    registry.histogram({ name: 'empty', help: 'E.' });
    registry.histogram({ name: 'classic', help: 'C.', native: false }).observe(1);
    expect(await histogramOf(registry, 'empty')).toMatchObject({ schema: 4, zero_threshold: 2 ** -128, zero_count: 0, sample_count: 0 });
    const classic = await histogramOf(registry, 'classic');
    expect(classic).not.toHaveProperty('schema');
    expect(classic).not.toHaveProperty('positive_span');
    expect(classic).not.toHaveProperty('zero_threshold');
  });

  test.each([0, 7, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '160', null])('maxNativeBuckets %j is refused', (maxNativeBuckets) => {
    const { registry } = openRegistry();
    const { code, message } = thrownBy(() => registry.histogram({ name: 'h', help: 'H.', maxNativeBuckets: untyped(maxNativeBuckets) }));
    expect(code).toBe('TSK_ERR_METRIC_OPTION');
    expect(message).toContain('maxNativeBuckets');
  });

  test.each(['yes', 1, null])('native %j is refused', (native) => {
    const { registry } = openRegistry();
    const { code, message } = thrownBy(() => registry.histogram({ name: 'h', help: 'H.', native: untyped(native) }));
    expect(code).toBe('TSK_ERR_METRIC_OPTION');
    expect(message).toContain('native');
  });
});

describe("metrics of prom-client's that can't be carried", () => {
  test.each([
    ['a count that is no whole number', { metricName: 'odd_count', labels: {}, value: 1.5 }],
    ['a count below 0', { metricName: 'odd_bucket', labels: { le: 1 }, value: -1 }],
    ['a label name', { metricName: 'odd_sum', labels: { 'a b': 1 }, value: 1 }],
  ])('%s costs that metric alone', async (_, sample) => {
    const { registry, codes } = openRegistry();
    const odd = new promClient.Histogram({ name: 'odd', help: 'Odd.', registers: [registry] });
    odd.get = async () => ({ name: 'odd', help: 'Odd.', type: 'histogram', aggregator: 'sum', values: [sample] }) as never;
    registry.gauge({ name: 'after', help: 'After.' }).set(1);
    const families = decodedFamilies(await bytesOf(registry));
    expect(families.map(({ name }) => name)).toEqual(['after']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });

  test('samples that are no part of it are families of their own', async () => {
    const { registry } = openRegistry();
    const odd = new promClient.Histogram({ name: 'odd', help: 'Odd.', registers: [registry] });
    const values = [
      { metricName: 'odd_bucket', labels: { le: '+Inf' }, value: 2 },
      { metricName: 'odd_sum', labels: {}, value: 3 },
      { metricName: 'odd_count', labels: {}, value: 2 },
      { metricName: 'odd_max', labels: {}, value: 2 },
    ];
    odd.get = async () => ({ name: 'odd', help: 'Odd.', type: 'histogram', aggregator: 'sum', values }) as never;
    const families = decodedFamilies(await bytesOf(registry));
    expect(families.map(({ name, type }) => [name, type])).toEqual([
      ['odd', 'HISTOGRAM'],
      ['odd_max', 'UNTYPED'],
    ]);
    expect(samplesOf(families)).toEqual(['odd_bucket[["le","+Inf"]] 2', 'odd_sum[] 3', 'odd_count[] 2', 'odd_max[] 2']);
  });
});

test('names choose what is in it, and expose() says that it is no text', async () => {
  const { registry } = openRegistry();
  recordAll(registry);
  expect(decodedFamilies(await bytesOf(registry, ['wait_seconds_bucket', 'their_gauge'])).map(({ name }) => name)).toEqual([
    'wait_seconds',
    'their_gauge',
  ]);
  await expect(registry.expose({ format: untyped('protobuf') })).rejects.toMatchObject({ code: 'TSK_ERR_METRIC_FORMAT' });
});
