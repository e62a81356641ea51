/** Snapshots of summaries, infos and state sets, and what the others have beside their values: times, exemplars, units. */
import { type MetricSnapshot, MetricsRegistry, type RegistrySnapshot } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

const throughJson = (registry: MetricsRegistry) => JSON.parse(JSON.stringify(registry.snapshot())) as RegistrySnapshot;
const SECOND = 1_000_000_000n;

function merged(...registries: readonly MetricsRegistry[]): MetricsRegistry {
  const { registry } = openRegistry();
  for (const other of registries) registry.merge(throughJson(other));
  return registry;
}

describe('summary', () => {
  const options = { name: 's', help: 'S.', quantiles: [0.5, 0.9], labelNames: ['a'] } as const;

  test('has this form', () => {
    const { registry, advance } = openRegistry();
    const summary = registry.summary({ ...options, maxAgeSeconds: 60, ageBuckets: 3 });
    summary.observe({ a: 'x' }, 1);
    advance(20n * SECOND);
    summary.observe({ a: 'x' }, 0);
    const empty = { min: null, max: null };
    const snapshot = registry.snapshot().metrics.at(-1);
    expect(snapshot).toEqual({
      name: 's',
      help: 'S.',
      type: 'summary',
      labelNames: ['a'],
      quantiles: [0.5, 0.9],
      maxAgeSeconds: 60,
      ageBuckets: 3,
      series: [
        {
          labels: ['x'],
          createdSeconds: expect.any(Number),
          count: 2,
          sum: 1,
          window: [
            { ...empty, count: 1, sum: 0, min: 0, max: 0, buckets: [1], zeros: 1, fineOffset: 0, fine: [] },
            { ...empty, count: 1, sum: 1, min: 1, max: 1, buckets: [1], zeros: 0, fineOffset: 0, fine: [1, ...Array(15).fill(0)] },
            null,
          ],
        },
      ],
    });
  });

  test('of two registries is what one would have seen, part by part', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 200 })), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.nat(), (values, seed) => {
        const all = openRegistry();
        const parts = [openRegistry(), openRegistry()];
        for (const [index, [value, pause]] of values.entries()) {
          all.registry.summary(options).observe({ a: 'x' }, value);
          parts[(index * 7 + seed) % 2]?.registry.summary(options).observe({ a: 'x' }, value);
          for (const { advance } of [all, ...parts]) advance(BigInt(pause) * SECOND);
        }
        const target = openRegistry();
        // The same time on every clock: windows of one age.
        target.registry.summary(options);
        for (const { registry } of parts) target.registry.merge(throughJson(registry));
        if (values.length === 0) return;
        const [one, two] = [all.registry, target.registry].map((registry) => registry.summary(options).labels('x'));
        expect([two?.count, two?.sum]).toEqual([one?.count, one?.sum]);
      }),
      { numRuns: 50 },
    );
  });

  test('of what was seen at once: every quantile is that of the union', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1000 }), { minLength: 1 }), fc.array(fc.nat({ max: 1000 })), (first, second) => {
        const of = (values: readonly number[]) => {
          const { registry } = openRegistry();
          for (const value of values) registry.summary(options).observe({ a: 'x' }, value);
          return registry;
        };
        const union = of([...first, ...second])
          .summary(options)
          .labels('x').distribution;
        const both = merged(of(first), of(second)).summary(options).labels('x').distribution;
        for (const q of [0, 0.25, 0.5, 0.9, 1]) expect(both.quantile(q)).toBe(union.quantile(q));
      }),
      { numRuns: 50 },
    );
  });

  test('goes on forgetting in the registry it was merged into', () => {
    const { registry } = openRegistry();
    registry.summary(options).observe({ a: 'x' }, 5);
    const target = openRegistry();
    target.registry.merge(throughJson(registry));
    const series = target.registry.summary(options).labels('x');
    expect(series.distribution.count).toBe(1);
    target.advance(600n * SECOND);
    expect([series.distribution.count, series.count]).toEqual([0, 1]);
  });

  test('without an end', () => {
    const { registry } = openRegistry();
    registry.summary({ ...options, maxAgeSeconds: Number.POSITIVE_INFINITY }).observe({ a: 'x' }, 5);
    const target = merged(registry);
    expect(target.summary({ ...options, maxAgeSeconds: Number.POSITIVE_INFINITY }).labels('x').distribution.count).toBe(1);
  });

  test('another window is another shape', () => {
    const { registry } = openRegistry();
    registry.summary(options);
    const other = openRegistry().registry;
    other.summary({ ...options, ageBuckets: 2 });
    expect(thrownBy(() => registry.merge(throughJson(other))).code).toBe('TSK_ERR_METRIC_SHAPE');
  });
});

describe('info', () => {
  test('of several versions: all of them', async () => {
    const registries = ['1', '2', '1'].map((version) => {
      const { registry } = openRegistry();
      registry.info({ name: 'app_info', help: 'A.', labelNames: ['version'] }).set({ version });
      return registry;
    });
    expect(registries[0]?.snapshot().metrics.at(-1)).toEqual({
      name: 'app_info',
      help: 'A.',
      type: 'info',
      labelNames: ['version'],
      series: [{ labels: ['1'] }],
    });
    const all = merged(...registries);
    expect(await linesOf(all, 'app_info')).toEqual(['app_info{version="1"} 1', 'app_info{version="2"} 1']);
    all.info({ name: 'app_info', help: 'A.', labelNames: ['version'] }).set({ version: '3' });
    expect(await linesOf(all, 'app_info')).toEqual(['app_info{version="3"} 1']);
  });
});

describe('state set', () => {
  test('of several processes: each of their states', async () => {
    const registries = (['idle', 'busy', undefined] as const).map((state) => {
      const { registry } = openRegistry();
      const set = registry.stateSet({ name: 'state', help: 'S.', states: ['idle', 'busy', 'gone'], labelNames: ['a'] });
      if (state === undefined) set.labels('x');
      else set.set({ a: 'x' }, state);
      return registry;
    });
    expect(registries[1]?.snapshot().metrics.at(-1)).toEqual({
      name: 'state',
      help: 'S.',
      type: 'stateset',
      labelNames: ['a'],
      states: ['idle', 'busy', 'gone'],
      series: [{ labels: ['x'], active: ['busy'] }],
    });
    expect((await linesOf(merged(...registries), 'state')).map((line) => line.at(-1))).toEqual(['1', '1', '0']);
  });
});

describe('what stands beside the values', () => {
  test('a merged series began when the first of them did', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 5000 });
    try {
      const make = () => {
        const { registry } = openRegistry();
        registry.counter({ name: 'c_total', help: 'C.' }).inc();
        registry.histogram({ name: 'h', help: 'H.' }).observe(1);
        registry.summary({ name: 's', help: 'S.' }).observe(1);
        return registry;
      };
      const late = make();
      vi.setSystemTime(3000);
      const early = make();
      vi.setSystemTime(9000);
      const created = [...(await merged(late, early).expose({ format: 'openmetrics' })).matchAll(/^(.)_created (.*)$/gm)];
      expect(created.map(([, name, seconds]) => [name, seconds])).toEqual([
        ['c', '3'],
        ['h', '3'],
        ['s', '3'],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('the newest exemplar is kept, whichever is merged first', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1000 });
    try {
      const make = (trace: string, value: number) => {
        const { registry } = openRegistry();
        registry.counter({ name: 'c_total', help: 'C.' }).inc(value, { exemplar: { trace } });
        registry.histogram({ name: 'h', help: 'H.', buckets: [1] }).observe(value, { exemplar: { trace } });
        return registry;
      };
      const old = make('old', 0.5);
      const high = make('high', 5);
      vi.setSystemTime(2000);
      const recent = make('recent', 0.25);
      const exemplarsOf = (registry: MetricsRegistry) => [
        registry.counter({ name: 'c_total', help: '' }).labels().exemplar?.labels['trace'],
        ...(registry.histogram({ name: 'h', help: '', buckets: [1] }).labels().exemplars ?? []).map(
          (exemplar) => exemplar?.labels['trace'],
        ),
      ];
      expect(exemplarsOf(merged(old, recent))).toEqual(['recent', 'recent', undefined]);
      expect(exemplarsOf(merged(recent, old, high, openRegistry().registry))).toEqual(['recent', 'recent', 'high']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('units that were given', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'cpu_percent', help: 'C.', unit: 'percent' });
    expect(await merged(registry).expose({ format: 'openmetrics' })).toContain('# UNIT cpu_percent percent\n');
  });

  test('snapshots without times and exemplars are merged too', () => {
    const snapshot = {
      version: 1,
      metrics: [{ name: 'c_total', help: '', type: 'counter', labelNames: [], series: [{ labels: [], value: 1 }] }],
    };
    const { registry } = openRegistry();
    registry.merge(untyped(snapshot));
    expect(registry.counter({ name: 'c_total', help: '' }).labels().value).toBe(1);
  });
});

describe('an invalid snapshot is rejected, and adds nothing', () => {
  function broken(change: (metric: { series: Record<string, unknown>[] } & Record<string, unknown>) => void, type: MetricSnapshot['type']) {
    const { registry } = openRegistry();
    registry.counter({ name: 'c_total', help: 'C.' }).inc(1, { exemplar: { t: 'x' } });
    registry.histogram({ name: 'h', help: 'H.', buckets: [1] }).observe(1, { exemplar: { t: 'x' } });
    registry.summary({ name: 's', help: 'S.' }).observe(1);
    registry.stateSet({ name: 'state', help: 'S.', states: ['on', 'off'] }).set('on');
    const snapshot = throughJson(registry);
    change(untyped(snapshot.metrics.find((metric) => metric.type === type && metric.series.length > 0)));
    return snapshot;
  }

  const set = (key: string, value: unknown) => (metric: { series: Record<string, unknown>[] }) => {
    (metric.series[0] as Record<string, unknown>)[key] = value;
  };

  test.each<[string, MetricSnapshot['type'], Parameters<typeof broken>[0]]>([
    ['a time that is none', 'counter', set('createdSeconds', 'now')],
    ['an exemplar that is none', 'counter', set('exemplar', 5)],
    ['an exemplar without labels', 'counter', set('exemplar', { value: 1, timestampSeconds: 1 })],
    ['an exemplar that is too long', 'counter', set('exemplar', { labels: { t: 'x'.repeat(200) }, value: 1, timestampSeconds: 1 })],
    ['an exemplar of a negative value', 'counter', set('exemplar', { labels: { t: 'x' }, value: -1, timestampSeconds: 1 })],
    ['too few exemplars', 'histogram', set('exemplars', [null])],
    ['exemplars that are none', 'histogram', set('exemplars', [null, 'x'])],
    ['a window that is none', 'summary', set('window', 'x')],
    ['a part that is none', 'summary', set('window', [{ count: 1 }])],
    ['a negative count', 'summary', set('count', -1)],
    ['a sum that is null', 'summary', set('sum', null)],
    ['quantiles that are none', 'summary', (metric) => Object.assign(metric, { quantiles: 5 })],
    ['a state that is unknown', 'stateset', set('active', ['gone'])],
    ['states that are none', 'stateset', (metric) => Object.assign(metric, { states: 'on' })],
    ['a kind that is none', 'stateset', (metric) => Object.assign(metric, { type: 'toString' })],
  ])('%s', (_, type, change) => {
    const registry = new MetricsRegistry();
    expect(thrownBy(() => registry.merge(broken(change, type))).code).toBe('TSK_ERR_METRIC_SNAPSHOT');
    expect(registry.instruments).toHaveLength(2);
  });
});
