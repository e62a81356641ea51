/** A metric made with `new` is exposed where it is registered, in either library's registries, or fails where it is made. */
import { Counter, Gauge, Histogram, Info, MetricsRegistry, StateSet, Summary } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy } from './support/open-registry.js';

// biome-ignore lint/suspicious/noExplicitAny: the constructors of all kinds.
type Any = any;

interface Kind {
  readonly make: (options: object) => Any;
  readonly record: (metric: Any) => void;
  /** One of its lines then. */
  readonly line: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  counter: { make: (o) => new Counter({ name: 'm', help: 'M.', ...o } as Any), record: (m) => m.inc(2), line: 'm 2' },
  gauge: { make: (o) => new Gauge({ name: 'm', help: 'M.', ...o } as Any), record: (m) => m.set(2), line: 'm 2' },
  histogram: {
    make: (o) => new Histogram({ name: 'm', help: 'M.', buckets: [1], ...o } as Any),
    record: (m) => m.observe(2),
    line: 'm_bucket{le="+Inf"} 1',
  },
  summary: {
    make: (o) => new Summary({ name: 'm', help: 'M.', quantiles: [0.5], ...o } as Any),
    record: (m) => m.observe(2),
    line: 'm{quantile="0.5"} 2',
  },
  info: {
    make: (o) => new Info({ name: 'm', help: 'M.', labelNames: ['v'], ...o } as Any),
    record: (m) => m.set({ v: '1' }),
    line: 'm{v="1"} 1',
  },
  'state set': {
    make: (o) => new StateSet({ name: 'm', help: 'M.', states: ['on', 'off'], ...o } as Any),
    record: (m) => m.set('on'),
    line: 'm{m="on"} 1',
  },
};

const linesIn = async (registry: promClient.Registry) => (await registry.metrics()).split('\n');

describe.each(Object.entries(KINDS))('a %s', (_, { make, record, line }) => {
  test.each([[undefined], [null], ['x'], [new MetricsRegistry()], [[undefined]], [[{}]]])(
    'registers: %s fails, and says how to fix it',
    (registers) => {
      expect(thrownBy(() => make({ registers }))).toMatchObject({
        code: 'TSK_ERR_METRIC_REGISTERS',
        message: expect.stringMatching(
          /^m: registers is .*Use registry\.counter\(\{ name, help \}\) or the method of another kind, or pass a list of/,
        ),
      });
    },
  );

  test('in a registry of prom-client’s, in ours, and in both', async () => {
    for (const order of [0, 1]) {
      const [ours, theirs] = [openRegistry().registry, new promClient.Registry()];
      const metric = make({ registers: order === 0 ? [ours, theirs] : [theirs, ours] });
      record(metric);
      expect(await linesIn(theirs)).toContain(line);
      expect(await linesIn(ours)).toContain(line);
      expect([ours.getSingleMetric('m'), theirs.getSingleMetric('m')]).toEqual([metric, metric]);
      expect((await theirs.getMetricsAsJSON()).map(({ name }) => name)).toEqual(['m']);
      theirs.resetMetrics();
      record(metric);
      expect(await linesIn(ours)).toContain(line);
      theirs.setDefaultLabels({ app: 'shop' });
      expect((await theirs.metrics()).split('\n').some((shown) => shown.includes('app="shop"'))).toBe(true);
      theirs.removeSingleMetric('m');
      expect([theirs.getSingleMetric('m'), ours.getSingleMetric('m')]).toEqual([undefined, metric]);
      ours.clear();
      expect(ours.getSingleMetric('m')).toBeUndefined();
    }
  });

  test('registered afterwards, in either', async () => {
    const { registry: ours } = openRegistry();
    const theirs = new promClient.Registry();
    theirs.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE as never);
    const metric = make({ registers: [] });
    record(metric);
    theirs.registerMetric(metric);
    ours.registerMetric(metric);
    expect(await linesIn(ours)).toContain(line);
    expect((await theirs.metrics()).endsWith('# EOF\n')).toBe(true);
  });

  test('of which one registry has the name already, is in none', () => {
    const [ours, theirs] = [openRegistry().registry, new promClient.Registry()];
    new promClient.Gauge({ name: 'm', help: 'M.', registers: [theirs] });
    expect(thrownBy(() => make({ registers: [ours, theirs] })).message).toContain('already been registered');
    expect(ours.getSingleMetric('m')).toBeUndefined();
  });
});

test('what it refuses is counted in our registry, wherever that stands and whenever it comes', async () => {
  for (const later of [false, true]) {
    const { registry, codes } = openRegistry({ maxSeriesPerMetric: 1 });
    const theirs = new promClient.Registry();
    const counter = new Counter({ name: 'c_total', help: 'C.', labelNames: ['a'], registers: later ? [theirs] : [theirs, registry] });
    if (later) registry.registerMetric(counter);
    counter.inc({ a: 'x' }, -1);
    for (const a of ['x', 'y', 'z']) counter.inc({ a });
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="x"} 1', 'c_total{a="__overflow__"} 2']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_SERIES_BUDGET']);
  }
});

test('in no registry of ours, a process warning tells once what is refused', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const counter = new Counter({ name: 'lonely_total', help: 'C.', registers: [new promClient.Registry()] });
  counter.inc(-1);
  counter.inc(-2);
  expect(await warned).toMatchObject({
    code: 'TSK_ERR_METRIC_VALUE',
    message: 'lonely_total: -1 was not recorded: a finite number of 0 or more is expected.',
  });
});

test('a summary that joins a registry goes by its clock', async () => {
  const { registry, advance } = openRegistry();
  const summary = new Summary({ name: 's', help: 'S.', quantiles: [0.5], maxAgeSeconds: 10, registers: [] });
  registry.registerMetric(summary);
  const end = summary.startTimer();
  advance(2_000_000_000n);
  expect(end()).toBe(2);
  expect(vi.isFakeTimers()).toBe(false);
});
