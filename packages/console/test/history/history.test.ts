/** The history says what a naive one would that keeps every value, in a fixed number of bytes. */
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { History } from '../../src/history/history.js';
import { distributionIn, increaseIn, rangeOf, stepsOf, valuesAt } from '../../src/history/queries.js';

const START = 1_700_000_000;

function watched(options: { readonly maxBytes?: number } = {}) {
  const registry = new MetricsRegistry();
  let now = START;
  const history = new History({ registry, clock: () => now, ...options });
  onTestFinished(() => history.close());
  return {
    registry,
    history,
    /** Lets a time pass, and samples. */
    async after(seconds: number): Promise<void> {
      now += seconds;
      await history.sample();
    },
    seriesOf: (name: string) => [...(history.index.families.get(name)?.series.values() ?? [])],
  };
}

/** By nearest rank, of all values. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)] as number;
}

describe('against a naive history', () => {
  const second = fc.record({
    requests: fc.array(fc.record({ route: fc.constantFrom('/a', '/b'), seconds: fc.double({ min: 1e-6, max: 100, noNaN: true }) }), {
      maxLength: 5,
    }),
    gauge: fc.option(fc.integer({ min: -5, max: 5 })),
    pass: fc.constantFrom(1, 1, 1, 1, 7),
    isReset: fc.integer({ min: 0, max: 60 }).map((value) => value === 60),
  });

  test('sums, percentiles and values of any range that the frames allow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(second, { minLength: 1, maxLength: 150 }), fc.integer({ min: 1, max: 400 }), async (seconds, back) => {
        const { registry, history, after, seriesOf } = watched();
        const counter = registry.counter({ name: 'requests_total', help: 'x', labelNames: ['route'] });
        const durations = registry.histogram({ name: 'request_duration_seconds', help: 'x', labelNames: ['route'] });
        const gauge = registry.gauge({ name: 'depth', help: 'x' });
        await after(0);
        const naive: { at: number; values: { route: string; seconds: number }[]; gauge: number }[] = [];
        let [at, depth] = [START, 0];
        for (const { requests, gauge: set, pass, isReset } of seconds) {
          for (const { route, seconds: value } of requests) {
            counter.inc({ route });
            durations.observe({ route }, value);
          }
          if (set !== null) {
            depth = set;
            gauge.set(set);
          }
          await after(pass);
          at += pass;
          naive.push({ at, values: [...requests], gauge: depth });
          if (isReset) counter.reset();
        }
        const range = rangeOf(history, { from: at - back, to: at });
        expect(range.to).toBe(at);
        // All is kept here: the range begins where a frame begins, at most one sample before.
        expect(range.from).toBeLessThanOrEqual(Math.max(at - back, START));
        expect(range.from).toBeGreaterThan(at - back - 7);
        const within = naive.filter((each) => each.at > range.from).flatMap(({ values }) => values);
        for (const route of ['/a', '/b']) {
          const of = (name: string) => seriesOf(name).filter(({ labels }) => labels['route'] === route);
          const exact = within.filter((each) => each.route === route).map((each) => each.seconds);
          expect(increaseIn(range, of('requests_total'))).toBe(exact.length);
          const merged = distributionIn(range, of('request_duration_seconds'));
          expect(merged.count).toBe(exact.length);
          expect(merged.sum).toBeCloseTo(
            exact.reduce((sum, value) => sum + value, 0),
            6,
          );
          for (const q of exact.length === 0 ? [] : [0, 0.5, 0.95, 0.99, 1]) {
            const quantile = merged.quantile(q) as number;
            expect(Math.abs(quantile / exactQuantile(exact, q) - 1)).toBeLessThan(0.0221);
          }
        }
        const steps = stepsOf(rangeOf(history, { from: at - back, to: at, longest: 1 }), 1);
        const [depths] = seriesOf('depth');
        if (depths !== undefined) {
          const expected = steps.map(({ frames }) => naive.findLast((each) => each.at <= (frames.at(-1)?.to ?? 0))?.gauge ?? 0);
          expect(valuesAt(history, steps, depths)).toEqual(expected);
        }
        history.close();
      }),
      { numRuns: 40 },
    );
  });

  test('what was recorded before is in no range, but in the current values', async () => {
    const { registry, history, after, seriesOf } = watched();
    const counter = registry.counter({ name: 'jobs_total', help: 'x' });
    counter.inc(5);
    await after(0);
    counter.inc(2);
    await after(1);
    const range = rangeOf(history, { from: START, to: START + 1 });
    expect([increaseIn(range, seriesOf('jobs_total')), seriesOf('jobs_total')[0]?.value]).toEqual([2, 7]);
  });

  test('a gauge that is gone has no value', async () => {
    const { registry, history, after, seriesOf } = watched();
    const gauge = registry.gauge({ name: 'depth', help: 'x', labelNames: ['queue'] });
    gauge.set({ queue: 'a' }, 3);
    await after(0);
    await after(1);
    gauge.remove({ queue: 'a' });
    await after(1);
    const [series] = seriesOf('depth');
    const steps = stepsOf(rangeOf(history, { from: START, to: START + 2, longest: 1 }), 1);
    expect(valuesAt(history, steps, series as never)).toEqual([3, null]);
  });

  test('a metric that is registered again with another type starts again', async () => {
    const { registry, history, after, seriesOf } = watched();
    registry.counter({ name: 'thing', help: 'x' }).inc(3);
    await after(0);
    registry.removeSingleMetric('thing');
    registry.gauge({ name: 'thing', help: 'x' }).set(8);
    await after(1);
    expect(seriesOf('thing').map(({ value, family }) => [family.type, value])).toEqual([['gauge', 8]]);
    expect(history.index.size).toBe(1);
  });

  test('a clock that is put back starts again, and keeps the values', async () => {
    const { registry, history, after, seriesOf } = watched();
    const gauge = registry.gauge({ name: 'depth', help: 'x' });
    gauge.set(4);
    await after(0);
    for (let second = 0; second < 5; second += 1) await after(1);
    await after(-3600);
    await after(1);
    expect([history.oldest, history.newest]).toEqual([START + 5 - 3600, START + 6 - 3600]);
    const steps = stepsOf(rangeOf(history, { from: 0, to: history.newest, longest: 1 }), 1);
    expect(valuesAt(history, steps, seriesOf('depth')[0] as never)).toEqual([4]);
  });
});

describe('memory', () => {
  async function fill(maxBytes: number, seconds: number) {
    const kept = watched({ maxBytes });
    const { registry, after } = kept;
    const durations = registry.histogram({ name: 'call_seconds', help: 'x', labelNames: ['method'] });
    const all = Array.from({ length: 40 }, (_, index) => durations.labels({ method: `m${index}` }));
    await after(0);
    const most: number[] = [];
    for (let second = 0; second < seconds; second += 1) {
      for (const [index, series] of all.entries()) series.observe(0.001 * (1 + index) * (1 + (second % 7)));
      await after(1);
      most.push(kept.history.tiers.bytes);
    }
    return { ...kept, most: Math.max(...most) };
  }

  test('stays within its limit, gives up the finest and oldest first, and has the last quarter of an hour', async () => {
    const maxBytes = 150_000;
    const { history, most, seriesOf } = await fill(maxBytes, 1300);
    expect(most).toBeLessThanOrEqual(maxBytes);
    const { newest } = history;
    expect(newest - history.oldest).toBeGreaterThanOrEqual(900);
    const whole = rangeOf(history, { from: newest - 900, to: newest });
    // Each second had one call of each.
    expect(increase(whole)).toBe(Math.round(whole.to - whole.from));
    expect(whole.to - whole.from).toBeLessThan(961);
    const steps = (from: number) =>
      rangeOf(history, { from: newest - from, to: newest, longest: 1 }).frames.map(({ from: begin, to }) => to - begin);
    expect(Math.max(...steps(15))).toBe(1);
    expect(Math.max(...steps(900))).toBe(60);

    function increase(range: typeof whole): number {
      return distributionIn(range, seriesOf('call_seconds').slice(0, 1)).count;
    }
  });

  test('stays within its limit also if not even minutes have room', async () => {
    const { most, history } = await fill(12_000, 400);
    // The parts of the next minute are kept until it is over.
    expect(most).toBeLessThan(12_000 + 60_000);
    expect(history.tiers.oldest).toBeDefined();
  });

  test('series that are gone are forgotten', async () => {
    const { registry, history, after } = watched({ maxBytes: 100_000 });
    await after(0);
    for (let round = 0; round < 30; round += 1) {
      const gauge = registry.gauge({ name: `round_${round}`, help: 'x', labelNames: ['id'] });
      for (let id = 0; id < 1000; id += 1) gauge.set({ id: String(id) }, 1);
      await after(60);
      registry.removeSingleMetric(`round_${round}`);
      await after(60);
    }
    expect(history.index.size).toBeLessThan(14_000);
  });
});
