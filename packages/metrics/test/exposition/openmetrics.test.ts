/** OpenMetrics: judged by a strict reader of our own. */
import { type LabelValue, type MetricsRegistry, OPENMETRICS_CONTENT_TYPE, PROMETHEUS_CONTENT_TYPE } from '@tsukimi/metrics';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { openRegistry, thrownBy, untyped } from '../support/open-registry.js';
import { NOW, openMetricsOf, stopTheDate } from '../support/openmetrics-of.js';
import { parseOpenMetrics } from '../support/openmetrics-parser.js';
import { parseStrictly } from '../support/strict-parser.js';

stopTheDate();

test('the content types', () => {
  expect(PROMETHEUS_CONTENT_TYPE).toBe(promClient.Registry.PROMETHEUS_CONTENT_TYPE);
  expect(OPENMETRICS_CONTENT_TYPE).toBe(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
});

describe('each kind', () => {
  test('counter: the family without _total, and when it began', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'rows_total', help: 'Rows.', labelNames: ['table'] });
    counter.inc({ table: 'orders' }, 1.5);
    vi.setSystemTime(NOW * 1000 + 1000);
    counter.inc({ table: 'users' });
    expect(await openMetricsOf(registry, 'rows_total')).toBe(`# TYPE rows counter
# HELP rows Rows.
rows_total{table="orders"} 1.5
rows_created{table="orders"} ${NOW}
rows_total{table="users"} 1
rows_created{table="users"} ${NOW + 1}
# EOF
`);
  });

  test('gauge', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'room_celsius', help: 'Degrees.' }).set(Number.NEGATIVE_INFINITY);
    expect(await openMetricsOf(registry, 'room_celsius')).toBe(`# TYPE room_celsius gauge
# UNIT room_celsius celsius
# HELP room_celsius Degrees.
room_celsius -Inf
# EOF
`);
  });

  test('histogram', async () => {
    const { registry } = openRegistry();
    const histogram = registry.histogram({ name: 'call_seconds', help: 'Calls.', buckets: [0, 0.00001, 0.5, 1, 1e6], labelNames: ['a'] });
    histogram.observe({ a: 'x' }, 0.75);
    expect(await openMetricsOf(registry, 'call_seconds')).toBe(`# TYPE call_seconds histogram
# UNIT call_seconds seconds
# HELP call_seconds Calls.
call_seconds_bucket{a="x",le="0.0"} 0
call_seconds_bucket{a="x",le="1e-05"} 0
call_seconds_bucket{a="x",le="0.5"} 0
call_seconds_bucket{a="x",le="1.0"} 1
call_seconds_bucket{a="x",le="1e+06"} 1
call_seconds_bucket{a="x",le="+Inf"} 1
call_seconds_sum{a="x"} 0.75
call_seconds_count{a="x"} 1
call_seconds_created{a="x"} ${NOW}
# EOF
`);
  });

  test('summary', async () => {
    const { registry } = openRegistry();
    const summary = registry.summary({ name: 'size_bytes', help: 'Sizes.', quantiles: [0, 0.5, 1] });
    expect(await openMetricsOf(registry, 'size_bytes')).toContain('size_bytes{quantile="0.5"} NaN\n');
    summary.observe(512);
    expect(await openMetricsOf(registry, 'size_bytes')).toBe(`# TYPE size_bytes summary
# UNIT size_bytes bytes
# HELP size_bytes Sizes.
size_bytes{quantile="0.0"} 512
size_bytes{quantile="0.5"} 512
size_bytes{quantile="1.0"} 512
size_bytes_sum 512
size_bytes_count 1
size_bytes_created ${NOW}
# EOF
`);
  });

  test('info and state set', async () => {
    const { registry } = openRegistry();
    registry.info({ name: 'application_info', help: 'A.', labelNames: ['version', 'author'] }).set({ version: '1.0', author: 'Ann' });
    registry.stateSet({ name: 'application_state', help: 'S.', states: ['starting', 'running'] }).set('running');
    expect(await openMetricsOf(registry, 'application_info', 'application_state')).toBe(`# TYPE application info
# HELP application A.
application_info{version="1.0",author="Ann"} 1
# TYPE application_state stateset
# HELP application_state S.
application_state{application_state="starting"} 0
application_state{application_state="running"} 1
# EOF
`);
  });
});

test('reset and zero set a new creation time', async () => {
  const { registry } = openRegistry();
  const instruments = [
    registry.counter({ name: 'c_total', help: 'C.' }),
    registry.histogram({ name: 'h', help: 'H.' }),
    registry.summary({ name: 's', help: 'S.' }),
  ];
  vi.setSystemTime(NOW * 1000 + 5000);
  for (const instrument of instruments) instrument.reset();
  const created = parseOpenMetrics(await openMetricsOf(registry)).flatMap(({ samples }) =>
    samples.filter(({ name }) => name.endsWith('_created')),
  );
  expect(created.map(({ value }) => value)).toEqual([NOW + 5, NOW + 5, NOW + 5]);
});

describe('units', () => {
  test.each([
    ['wait_seconds', 'seconds'],
    ['sent_bytes', 'bytes'],
    ['hit_ratio', 'ratio'],
    ['way_meters', 'meters'],
    ['seconds', undefined],
    ['queue_size', undefined],
    ['seconds_since_start', undefined],
    ['system_cpu_percent', undefined],
  ])('%s: %s', async (name, unit) => {
    const { registry } = openRegistry();
    registry.gauge({ name, help: 'G.' });
    registry.counter({ name: `c_${name}_total`, help: 'C.' });
    const families = parseOpenMetrics(await openMetricsOf(registry, name, `c_${name}_total`));
    const expected = name === 'seconds' ? [undefined, 'seconds'] : [unit, unit];
    expect(families.map((family) => family.unit)).toEqual(expected);
  });

  test('may be given, where the name ends in them', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'cpu_percent', help: 'G.', unit: 'percent' });
    registry.counter({ name: 'moved_full_pallets_total', help: 'C.', unit: 'full_pallets' });
    const units = parseOpenMetrics(await openMetricsOf(registry)).map(({ name, unit }) => [name, unit]);
    expect(units.slice(2)).toEqual([
      ['cpu_percent', 'percent'],
      ['moved_full_pallets', 'full_pallets'],
    ]);
  });

  test.each<[string, unknown]>([
    ['wait', 'seconds'],
    ['wait_seconds', 'second'],
    ['wait_seconds', 'total'],
    ['seconds', 'seconds'],
    ['wait_seconds', ''],
    ['wait_seconds', 'a b'],
    ['wait_seconds', 5],
  ])('%s in %j is refused', (name, unit) => {
    for (const suffix of ['', '_total']) {
      const error = thrownBy(() => openRegistry().registry.counter({ name: name + suffix, help: 'C.', unit: untyped(unit) }));
      expect(error.code).toBe('TSK_ERR_METRIC_UNIT');
      expect(error.message).toContain(`${name}${suffix}: its name does not end with its unit, ${JSON.stringify(unit)}`);
      expect(error.message).toContain(`(${name}_seconds${suffix} has seconds)`);
    }
  });
});

describe('names that OpenMetrics would have otherwise', () => {
  const familiesOf = async (make: (registry: MetricsRegistry) => void) => {
    const { registry } = openRegistry();
    make(registry);
    const families = parseOpenMetrics(await openMetricsOf(registry)).slice(2);
    return families.map(({ name, type, samples }) => `${type} ${name}: ${samples.map((sample) => sample.name).join(' ')}`);
  };

  test('a counter that does not end in _total is of unknown type, and stays called so', async () => {
    expect(await familiesOf((registry) => registry.counter({ name: 'jobs', help: 'J.' }))).toEqual(['unknown jobs: jobs']);
    expect(await familiesOf((registry) => registry.counter({ name: '_total', help: 'J.' }))).toEqual(['unknown _total: _total']);
  });

  test("a counter whose family is another metric's name is of unknown type", async () => {
    const make = (registry: MetricsRegistry) => {
      registry.counter({ name: 'jobs_total', help: 'J.' });
      registry.gauge({ name: 'jobs', help: 'J.' });
      registry.counter({ name: 'rows_total', help: 'R.' });
      registry.gauge({ name: 'rows_created', help: 'R.' });
    };
    expect(await familiesOf(make)).toEqual([
      'unknown jobs_total: jobs_total',
      'gauge jobs: jobs',
      'unknown rows_total: rows_total',
      'gauge rows_created: rows_created',
    ]);
  });

  test('an info that does not end in _info, or whose family is taken, is a gauge', async () => {
    const make = (registry: MetricsRegistry) => {
      registry.info({ name: 'about', help: 'A.' }).set({});
      registry.info({ name: 'jobs_info', help: 'A.' }).set({});
      registry.counter({ name: 'jobs_total', help: 'J.' });
      registry.info({ name: 'rows_info', help: 'A.' }).set({});
      registry.gauge({ name: 'rows', help: 'A.' });
    };
    expect(await familiesOf(make)).toEqual([
      'gauge about: about',
      'gauge jobs_info: jobs_info',
      'counter jobs: jobs_total jobs_created',
      'gauge rows_info: rows_info',
      'gauge rows: rows',
    ]);
  });

  test('the type does not depend on which metrics are asked for', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'jobs_total', help: 'J.' });
    registry.gauge({ name: 'jobs', help: 'J.' });
    expect(await openMetricsOf(registry, 'jobs_total')).toContain('# TYPE jobs_total unknown\n');
  });

  test('what a histogram or summary creates is its own', () => {
    const { registry } = openRegistry();
    registry.histogram({ name: 'h', help: 'H.' });
    registry.gauge({ name: 's_created', help: 'G.' });
    expect(thrownBy(() => registry.gauge({ name: 'h_created', help: 'G.' })).code).toBe('TSK_ERR_METRIC_NAME_OVERLAP');
    expect(thrownBy(() => registry.summary({ name: 's', help: 'S.' })).code).toBe('TSK_ERR_METRIC_NAME_OVERLAP');
  });
});

test('every sample is called as in the text format, and has the same value', async () => {
  const { registry } = openRegistry({ defaultLabels: { app: 'demo' } });
  registry.counter({ name: 'a_total', help: 'A.', labelNames: ['x'] }).inc({ x: '1' });
  registry.counter({ name: 'b', help: 'B.' }).inc(3);
  registry.histogram({ name: 'c', help: 'C.' }).observe(0.3);
  registry.summary({ name: 'd', help: 'D.' }).observe(0.3);
  registry.info({ name: 'e_info', help: 'E.', labelNames: ['x'] }).set({ x: '"' });
  registry.stateSet({ name: 'f', help: 'F.', states: ['on', 'off'] }).set('on');
  new promClient.Counter({ name: 'g_total', help: 'G.', registers: [registry] }).inc();
  new promClient.Histogram({ name: 'h', help: 'H.', registers: [registry] }).observe(1);
  type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };
  const plain = ({ name, labels, value }: Sample) => {
    const numbers = Object.entries(labels).map(([label, text]) => [
      label,
      /^(le|quantile)$/.test(label) ? Number(text.replace('Inf', 'Infinity')) : text,
    ]);
    return { name, labels: Object.fromEntries(numbers), value };
  };
  const text = parseStrictly(await registry.expose()).flatMap(({ samples }) => samples.map(plain));
  const openMetrics = parseOpenMetrics(await openMetricsOf(registry)).flatMap(({ samples }) => samples.map(plain));
  expect(openMetrics.filter(({ name }) => !name.endsWith('_created'))).toEqual(text);
});

test('any label values and help come back from the reader as they went in', async () => {
  const texts = fc.string({ unit: 'binary', maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(texts, fc.uniqueArray(texts, { minLength: 1, maxLength: 5 }), async (help, values) => {
      const { registry } = openRegistry();
      const gauge = registry.gauge({ name: 'g', help, labelNames: ['a'] });
      for (const a of values) gauge.set({ a }, 1);
      const [family] = parseOpenMetrics(await openMetricsOf(registry, 'g'));
      expect(family?.help ?? '').toBe(help);
      expect(family?.samples.map(({ labels }) => labels['a'] ?? '')).toEqual(values);
    }),
  );
});

test.each<[string, LabelValue]>([
  ['a quote', '"'],
  ['a backslash', '\\'],
  ['a line feed', '\n'],
  ['a carriage return', '\r'],
  ['a zero', '\0'],
  ['an emoji', '🌕'],
  ['a lone surrogate', '\ud83c'],
  ['what looks like an exemplar', '"} 1 # {a="b"} 2'],
])('%s in help, labels and states', async (_, value) => {
  const { registry } = openRegistry({ defaultLabels: { d: String(value) } });
  const whole = String(value).toWellFormed();
  registry.counter({ name: 'c_total', help: `a${value}b`, labelNames: ['a'] }).inc({ a: value }, 1, { exemplar: { t: value } });
  for (const format of ['prometheus', 'openmetrics'] as const) {
    const text = await registry.expose({ format, names: ['c_total'] });
    const [family] = format === 'openmetrics' ? parseOpenMetrics(text) : parseStrictly(text);
    expect(family?.help).toBe(`a${whole}b`);
    expect(family?.samples[0]?.labels).toEqual({ a: whole, d: whole });
  }
  const [family] = parseOpenMetrics(await openMetricsOf(registry, 'c_total'));
  expect(family?.samples[0]?.exemplar?.labels).toEqual({ t: whole.replace('\0', '\ufffd') });
});

test('bounds and quantiles are written as the specification lists them', async () => {
  const canonical = [
    '0.0',
    '1e-10',
    '1e-09',
    '1e-05',
    '0.0001',
    '0.001',
    '0.002',
    '0.01',
    '0.1',
    '0.9',
    '0.95',
    '0.99',
    '0.999',
    '1.0',
    '1.7',
    '10.0',
  ];
  const large = ['100.0', '1000.0', '10000.0', '100000.0', '1e+06', '1.5e+06', '1e+10', '1e+23', '1.1e+23', '1e+300'];
  const { registry } = openRegistry();
  registry.histogram({ name: 'h', help: 'H.', buckets: [...canonical, ...large].map(Number) });
  const [family] = parseOpenMetrics(await openMetricsOf(registry, 'h'));
  expect(family?.samples.map(({ labels }) => labels['le'])).toEqual([...canonical, ...large, '+Inf', undefined, undefined, undefined]);
});
