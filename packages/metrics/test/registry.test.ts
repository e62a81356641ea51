/** The registry: what is in it, what a scrape takes, and whom it tells of what went wrong. */
import { Counter, type MetricError, MetricsRegistry } from '@tsukimi/metrics';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from './support/open-registry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const SELF = ['metrics_series_dropped_total', 'metrics_invalid_values_total'];

describe('expose', () => {
  const filled = () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'a_total', help: 'A.' });
    registry.gauge({ name: 'b', help: 'B.' });
    return registry;
  };

  test('has every metric in the order they were made, the self metrics first', async () => {
    const text = await filled().expose();
    expect([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)).toEqual([...SELF, 'a_total', 'b']);
    expect(text.endsWith('b 0\n')).toBe(true);
  });

  test('takes names', async () => {
    const registry = filled();
    expect(await registry.expose({ names: ['b'] })).toBe('# HELP b B.\n# TYPE b gauge\nb 0\n');
    expect(await registry.expose({ names: ['b', 'missing', 'b'] })).toBe('# HELP b B.\n# TYPE b gauge\nb 0\n');
    expect(await registry.expose({ names: [] })).toBe('');
    expect(await registry.expose({ names: undefined })).toBe(await registry.expose());
    expect(await registry.expose({ format: 'prometheus' })).toBe(await registry.expose());
  });

  test('collects only what is asked for', async () => {
    const { registry } = openRegistry();
    const collect = vi.fn();
    registry.gauge({ name: 'costly', help: 'Costly.', collect });
    await registry.expose({ names: ['metrics_series_dropped_total'] });
    expect(collect).not.toHaveBeenCalled();
    await registry.expose({ names: ['costly'] });
    expect(collect).toHaveBeenCalledOnce();
  });
});

describe('what is in it', () => {
  test('instruments are ours, in order', () => {
    const { registry } = openRegistry();
    const gauge = registry.gauge({ name: 'g', help: 'G.' });
    expect(registry.instruments.map(({ name }) => name)).toEqual([...SELF, 'g']);
    expect(registry.instruments[2]).toBe(gauge);
    expect(registry.getSingleMetric('g')).toBe(gauge);
    expect(registry.getSingleMetric('missing')).toBeUndefined();
    expect(registry.getMetricsAsArray().map((metric) => (metric as unknown as { name: string }).name)).toEqual([...SELF, 'g']);
    expect(registry.getMetricsAsArray()[2]).toBe(gauge);
  });

  test('a removed metric is no longer exposed, and its name is free', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'g', help: 'G.' });
    registry.removeSingleMetric('g');
    expect(await linesOf(registry, 'g')).toEqual([]);
    registry.counter({ name: 'g', help: 'G.' }).inc();
    expect(await linesOf(registry, 'g')).toEqual(['g 1']);
  });

  test('names that every object has are free', async () => {
    const { registry } = openRegistry();
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(registry.getSingleMetric(name)).toBeUndefined();
      registry.counter({ name, help: 'Help.' }).inc();
      expect(await linesOf(registry, name)).toEqual([`${name} 1`]);
      registry.removeSingleMetric(name);
      expect(registry.getSingleMetric(name)).toBeUndefined();
    }
    expect(Object.prototype).not.toHaveProperty('inc');
  });

  test('registering the same metric again is no matter, another of that name is refused', () => {
    const { registry } = openRegistry();
    const gauge = registry.gauge({ name: 'g', help: 'G.' });
    registry.registerMetric(gauge as never);
    expect(thrownBy(() => registry.registerMetric(new Counter({ registers: [], name: 'g', help: 'G.' }) as never))).toMatchObject({
      code: 'TSK_ERR_METRIC_NAME_TAKEN',
      message: expect.stringMatching(/^g is already in this registry/),
    });
    expect(registry.getSingleMetric('g')).toBe(gauge);
  });

  test.each([undefined, null, {}, { name: 5 }, 'g'])('%j is not a metric', (metric) => {
    expect(thrownBy(() => openRegistry().registry.registerMetric(untyped(metric))).code).toBe('TSK_ERR_METRIC_NAME');
  });

  test.each(['seconds_count', 'seconds_sum', 'seconds_bucket'])('%s and histogram seconds would be exposed twice', (name) => {
    const first = openRegistry().registry;
    first.histogram({ name: 'seconds', help: 'Seconds.' });
    expect(thrownBy(() => first.counter({ name, help: 'C.' }))).toMatchObject({
      code: 'TSK_ERR_METRIC_NAME_OVERLAP',
      message: `${name} would appear twice in a scrape: as a metric, and among the samples of histogram seconds. Use a different name for one of them.`,
    });
    const second = openRegistry().registry;
    second.gauge({ name, help: 'G.' });
    expect(thrownBy(() => second.histogram({ name: 'seconds', help: 'Seconds.' })).code).toBe('TSK_ERR_METRIC_NAME_OVERLAP');
    expect(second.getSingleMetric('seconds')).toBeUndefined();
  });

  test('a gauge called x_count beside a gauge called x is no matter', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'x', help: 'X.' });
    registry.gauge({ name: 'x_count', help: 'X.' });
    expect(await linesOf(registry, 'x_count')).toEqual(['x_count 0']);
  });
});

describe('resetMetrics', () => {
  test('sets every series back, and those that code holds go on being exposed', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a'] });
    const held = counter.labels('x');
    const histogram = registry.histogram({ name: 'h', help: 'H.', buckets: [1] });
    const gauge = registry.gauge({ name: 'g', help: 'G.' });
    held.inc(5);
    histogram.observe(3);
    gauge.set(3);
    registry.resetMetrics();
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="x"} 0']);
    expect(await linesOf(registry, 'g')).toEqual(['g 0']);
    expect(histogram.labels().distribution.snapshot()).toMatchObject({ count: 0, sum: 0, min: null });
    held.inc();
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="x"} 1']);
  });
});

describe('clear', () => {
  test('empties the registry but for its self metrics, which start anew', async () => {
    const { registry, codes } = openRegistry({ defaultLabels: { app: 'demo' } });
    const counter = registry.counter({ name: 'c_total', help: 'C.' });
    counter.inc(-1);
    registry.clear();
    expect(registry.instruments.map(({ name }) => name)).toEqual(SELF);
    expect(await invalidLines(registry)).toEqual([]);
    registry.counter({ name: 'c_total', help: 'C.' }).inc(-1);
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total 0']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_VALUE']);
  });
});

describe('whom it tells', () => {
  test('a process warning unless told', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    new MetricsRegistry().counter({ name: 'c_total', help: 'C.' }).inc(-1);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^c_total: -1 was not recorded/), { type: 'MetricError', code: 'TSK_ERR_METRIC_VALUE' }],
    ]);
  });

  test('once for each metric and reason', () => {
    const { registry, errors } = openRegistry({ maxSeriesPerMetric: 1 });
    for (const name of ['a_total', 'b_total']) {
      const counter = registry.counter({ name, help: 'Help.', labelNames: ['l'] });
      for (let round = 0; round < 3; round += 1) {
        counter.inc({ l: '1' }, -1);
        counter.inc({ l: String(round) });
        counter.inc(untyped({ m: '1' }));
      }
    }
    const told = errors.map(({ code, message }) => `${message.split(/[ :]/)[0]} ${code}`);
    expect(told).toEqual([
      'a_total TSK_ERR_METRIC_VALUE',
      'a_total TSK_ERR_METRIC_LABEL_UNKNOWN',
      'a_total TSK_ERR_METRIC_SERIES_BUDGET',
      'metrics_series_dropped_total TSK_ERR_METRIC_SERIES_BUDGET',
      'metrics_invalid_values_total TSK_ERR_METRIC_SERIES_BUDGET',
      'b_total TSK_ERR_METRIC_VALUE',
      'b_total TSK_ERR_METRIC_LABEL_UNKNOWN',
      'b_total TSK_ERR_METRIC_SERIES_BUDGET',
    ]);
  });

  test('an onError that throws reaches no caller, and what it was told is not lost', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { registry } = openRegistry({
      onError: () => {
        throw new Error('log is full');
      },
    });
    const counter = registry.counter({ name: 'c_total', help: 'C.' });
    expect(() => counter.inc(-1)).not.toThrow();
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^c_total: -1 was not recorded/), { type: 'MetricError', code: 'TSK_ERR_METRIC_VALUE' }],
    ]);
  });

  test('an onError that records what is refused does not recurse', async () => {
    const errors: MetricError[] = [];
    const { registry } = openRegistry({
      onError: (error) => {
        errors.push(error);
        registry.counter({ name: 'c_total', help: 'C.' }).inc(-1);
      },
    });
    registry.counter({ name: 'c_total', help: 'C.' }).inc(-1);
    expect(errors).toHaveLength(1);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 2']);
  });

  test('no more than 1000 times, whatever is recorded', () => {
    const { registry, errors } = openRegistry({ maxSeriesPerMetric: 2 });
    for (let index = 0; index < 1500; index += 1) registry.counter({ name: `c${index}_total`, help: 'C.' }).inc(-1);
    expect(errors).toHaveLength(1000);
  });
});
