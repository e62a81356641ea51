/** The text that Prometheus reads: judged by a strict reader of our own and by promtool. */
import { spawnSync } from 'node:child_process';
import { processMetrics } from '@tsukimi/metrics';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';
import { parseStrictly } from '../support/strict-parser.js';

const promtool = requireBinary('promtool');

test('an empty registry is its self metrics', async () => {
  expect(
    await openRegistry().registry.expose(),
  ).toBe(`# HELP metrics_series_dropped_total Values that were recorded in the __overflow__ series because their metric had reached its limit of series.
# TYPE metrics_series_dropped_total counter
# HELP metrics_invalid_values_total Values that were rejected: not a number, infinite or negative, or with a label that the metric does not have.
# TYPE metrics_invalid_values_total counter
`);
});

test('help is escaped: backslashes and line feeds, not quotes', async () => {
  const { registry } = openRegistry();
  registry.gauge({ name: 'g', help: 'a\\b\n"c"' });
  const text = await registry.expose({ names: ['g'] });
  expect(text).toBe('# HELP g a\\\\b\\n"c"\n# TYPE g gauge\ng 0\n');
  expect(parseStrictly(text)[0]?.help).toBe('a\\b\n"c"');
});

test('numbers are written as Go reads them', async () => {
  const { registry } = openRegistry();
  const gauge = registry.gauge({ name: 'g', help: 'G.', labelNames: ['n'] });
  const numbers = [0, -0, 1.5, 1e21, 1e-7, -1, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [n, value] of numbers.entries()) gauge.set({ n }, value);
  expect((await linesOf(registry, 'g')).map((line) => line.split(' ')[1])).toEqual([
    '0',
    '0',
    '1.5',
    '1e+21',
    '1e-7',
    '-1',
    '9007199254740991',
    '+Inf',
    '-Inf',
  ]);
  expect(parseStrictly(await registry.expose({ names: ['g'] }))[0]?.samples.map(({ value }) => value)).toEqual(
    numbers.map((value) => value + 0),
  );
});

test("a NaN of prom-client's is written as Go reads it", async () => {
  const { registry } = openRegistry();
  new promClient.Gauge({ name: 'theirs', help: 'Theirs.', registers: [registry] }).set(Number.NaN);
  expect(await linesOf(registry, 'theirs')).toEqual(['theirs NaN']);
});

test('any label values and help come back from the reader as they went in', async () => {
  const texts = fc.string({ unit: 'binary', maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(texts, fc.uniqueArray(texts, { maxLength: 5 }), fc.nat(), async (help, values, amount) => {
      const { registry } = openRegistry();
      const counter = registry.counter({ name: 'c_total', help, labelNames: ['a'] });
      for (const a of values) counter.inc({ a }, amount);
      const [family] = parseStrictly(await registry.expose({ names: ['c_total'] }));
      expect(family?.help).toBe(help);
      expect(family?.samples).toEqual(values.map((a) => ({ name: 'c_total', labels: a === '' ? {} : { a }, value: amount })));
    }),
  );
});

describe('default labels', () => {
  const withDefaults = (defaultLabels: Record<string, string>) => {
    const opened = openRegistry({ defaultLabels });
    const counter = opened.registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'env'] });
    return { ...opened, counter };
  };

  test("stand on every series that has none of the same name, prom-client's too", async () => {
    const { registry, counter } = withDefaults({ app: 'demo "1"', env: 'test' });
    counter.inc({ a: '1', env: 'own' });
    counter.inc({ a: '2', env: '' });
    registry.gauge({ name: 'g', help: 'G.' }).set(1);
    registry.histogram({ name: 'h', help: 'H.', buckets: [1] });
    const theirs = new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', labelNames: ['env'], registers: [registry] });
    theirs.inc({ env: 'own' });
    new promClient.Histogram({ name: 'their_h', help: 'H.', buckets: [1], registers: [registry] });
    const text = await registry.expose({ names: ['c_total', 'g', 'h', 'theirs_total', 'their_h'] });
    expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'c_total{a="1",env="own",app="demo \\"1\\""} 1',
      'c_total{a="2",app="demo \\"1\\""} 1',
      'g{app="demo \\"1\\"",env="test"} 1',
      'h_bucket{app="demo \\"1\\"",env="test",le="1"} 0',
      'h_bucket{app="demo \\"1\\"",env="test",le="+Inf"} 0',
      'h_sum{app="demo \\"1\\"",env="test"} 0',
      'h_count{app="demo \\"1\\"",env="test"} 0',
      'theirs_total{app="demo \\"1\\"",env="own"} 1',
      'their_h_bucket{app="demo \\"1\\"",env="test",le="1"} 0',
      'their_h_bucket{app="demo \\"1\\"",env="test",le="+Inf"} 0',
      'their_h_sum{app="demo \\"1\\"",env="test"} 0',
      'their_h_count{app="demo \\"1\\"",env="test"} 0',
      '',
    ]);
  });

  test('can be changed after a scrape', async () => {
    const { registry, counter } = withDefaults({ app: 'one' });
    counter.inc({ a: '1', env: 'x' });
    await registry.expose();
    registry.setDefaultLabels({ app: 'two' });
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="1",env="x",app="two"} 1']);
    registry.setDefaultLabels({});
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="1",env="x"} 1']);
  });

  test('are those of the registry that is scraped, where a metric is in two', async () => {
    const { registry, counter } = withDefaults({ app: 'one' });
    const other = openRegistry({ defaultLabels: { app: 'two' } }).registry;
    other.registerMetric(counter as never);
    counter.inc({ a: '1', env: 'x' });
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="1",env="x",app="one"} 1']);
    expect(await linesOf(other, 'c_total')).toEqual(['c_total{a="1",env="x",app="two"} 1']);
  });

  test('are copied, and written as text', async () => {
    const labels: Record<string, string> = { app: untyped(5), odd: '\ud800', none: untyped(undefined) };
    const { registry } = openRegistry({ defaultLabels: labels });
    labels['app'] = 'changed';
    registry.gauge({ name: 'g', help: 'G.' });
    expect(await linesOf(registry, 'g')).toEqual(['g{app="5",odd="\ufffd"} 0']);
  });

  test.each(['le', 'quantile', '1a', '__name__', 'a-b', ''])('%j is refused', (name) => {
    const expected = { code: 'TSK_ERR_METRIC_LABEL_NAME', message: expect.stringMatching(/^default labels: ".*" is not a label name/) };
    expect(thrownBy(() => openRegistry({ defaultLabels: { [name]: 'x' } }))).toMatchObject(expected);
    expect(thrownBy(() => openRegistry().registry.setDefaultLabels({ [name]: 'x' }))).toMatchObject(expected);
  });
});

test("prom-client's absent label values are absent", async () => {
  const { registry } = openRegistry();
  const theirs = new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', labelNames: ['a', 'b'], registers: [registry] });
  theirs.inc({ a: untyped(undefined), b: untyped(null) });
  theirs.inc({ a: 'x\ud800', b: 200 });
  expect(await linesOf(registry, 'theirs_total')).toEqual(['theirs_total 1', 'theirs_total{a="x\ufffd",b="200"} 1']);
});

describe('promtool check metrics', () => {
  const everything = async () => {
    const { registry } = openRegistry({ defaultLabels: { app: 'demo' } });
    const requests = registry.counter({ name: 'http_requests_total', help: 'Requests "handled".', labelNames: ['method', 'path'] });
    for (const path of ['/', '/api/:id', '"\\\n', 'a,b="c"', '\u{1f315}', '\0\r', '}']) requests.inc({ method: 'GET', path });
    registry
      .gauge({ name: 'room_celsius', help: 'Degrees\nof a \\ room.', labelNames: ['room'] })
      .set({ room: 'x' }, Number.NEGATIVE_INFINITY);
    const seconds = registry.histogram({ name: 'http_request_duration_seconds', help: 'Seconds.', labelNames: ['method'] });
    for (const value of [0, 1e-9, 0.3, 5, 1e6]) seconds.observe({ method: 'GET' }, value);
    registry.summary({ name: 'response_size_bytes', help: 'Bytes.', labelNames: ['path'] }).observe({ path: '"' }, 5);
    registry.info({ name: 'application_info', help: 'Application.', labelNames: ['version'] }).set({ version: '1.0\n' });
    registry.stateSet({ name: 'application_state', help: 'State.', states: ['starting', 'running "fast"'] }).set('starting');
    for (const metric of processMetrics()) registry.registerMetric(metric);
    new promClient.Summary({ name: 'their_size_bytes', help: 'Theirs.', registers: [registry] }).observe(5);
    return registry.expose();
  };

  test('the strict reader takes everything', async () => {
    const families = parseStrictly(await everything());
    expect(families.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['http_requests_total', 'process_cpu_seconds_total', 'their_size_bytes']),
    );
    expect(families.flatMap(({ samples }) => samples).filter(({ labels }) => labels['app'] !== 'demo')).toEqual([]);
  });

  test.skipIf(promtool.skipReason !== undefined)('promtool takes everything', async () => {
    const { status, stdout, stderr } = spawnSync(promtool.path, ['check', 'metrics'], { input: await everything(), encoding: 'utf8' });
    // Advice on style comes with status 3; what it can't parse is status 1.
    expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
  });
});
