/** Totals of several processes: what one process that had done everything would show, whatever happens to messages and processes. */
import { ChangesReader, MetricsRegistry, type RegistryChanges, Totals, type TotalsSource } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const LABELS = ['a', 'b', 'c'] as const;
type Label = (typeof LABELS)[number];

const BUCKETS = [1, 5, 20];
const clock = (): bigint => 0n;

function metricsOf(registry: MetricsRegistry) {
  return {
    counter: registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'] }),
    histogram: registry.histogram({ name: 'size_bytes', help: 'Sizes.', labelNames: ['kind'], buckets: BUCKETS }),
    summary: registry.summary({ name: 'wait_seconds', help: 'Waits.', labelNames: ['kind'] }),
  };
}

/** What is recorded: the same amount in each metric. */
interface Recording {
  readonly label: Label;
  readonly amount: number;
}

function record(registry: MetricsRegistry, { label: kind, amount }: Recording): void {
  const { counter, histogram, summary } = metricsOf(registry);
  counter.inc({ kind }, amount);
  histogram.observe({ kind }, amount);
  summary.observe({ kind }, amount);
  registry.recordMetric('mails_sent_total', amount, { [kind]: 'x' });
}

/** A worker that records, and what it has recorded since its last message. */
class Worker {
  readonly registry = new MetricsRegistry({ clock });
  readonly reader = new ChangesReader(this.registry);
  readonly unsent: Recording[] = [];
  readonly sent: RegistryChanges[] = [];

  constructor(readonly source: TotalsSource) {}
}

type Step =
  | ({ readonly do: 'record'; readonly worker: number } & Recording)
  | { readonly do: 'send' | 'end' | 'kill' | 'resetMetrics' | 'clear'; readonly worker: number }
  | { readonly do: 'remove'; readonly worker: number; readonly label: Label }
  | { readonly do: 'deliver' | 'again'; readonly worker: number; readonly which: number };

const worker = fc.nat({ max: 2 });
const label = fc.constantFrom(...LABELS);
const steps = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.record({ do: fc.constant('record' as const), worker, label, amount: fc.nat({ max: 50 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), worker }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('deliver' as const, 'again' as const), worker, which: fc.nat({ max: 3 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'kill' as const, 'resetMetrics' as const, 'clear' as const), worker }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), worker, label }) },
  ) as fc.Arbitrary<Step>,
  { maxLength: 60 },
);

/** Everything that must not fall, and must be as in one process. */
function countsOf(registry: MetricsRegistry): Record<string, number> {
  const counts: Record<string, number> = {};
  const { counter, histogram, summary } = metricsOf(registry);
  for (const { labelValues, value } of counter.series) if (value > 0) counts[`counter ${labelValues}`] = value;
  for (const { labelValues, distribution } of histogram.series) {
    const { count, sum, buckets, fine, fineOffset, zeros, min, max } = distribution;
    if (count === 0) continue;
    Object.assign(counts, { [`count ${labelValues}`]: count, [`sum ${labelValues}`]: sum, [`zeros ${labelValues}`]: zeros });
    Object.assign(counts, { [`-min ${labelValues}`]: -min, [`max ${labelValues}`]: max });
    for (const [bucket, amount] of buckets.entries()) counts[`bucket ${bucket} ${labelValues}`] = amount;
    for (const [at, amount] of fine.entries()) if (amount > 0) counts[`fine ${fineOffset + at} ${labelValues}`] = amount;
  }
  for (const { labelValues, count, sum, distribution } of summary.series) {
    if (count === 0) continue;
    Object.assign(counts, { [`summary ${labelValues}`]: count, [`summary sum ${labelValues}`]: sum });
    Object.assign(counts, { [`window ${labelValues}`]: distribution.count, [`window sum ${labelValues}`]: distribution.sum });
  }
  for (const family of registry.snapshot().metrics) {
    if (family.name !== 'mails_sent_total' || family.type !== 'counter') continue;
    for (const { labels, value } of family.series) {
      const shown = family.labelNames.filter((_, index) => labels[index] !== '').join();
      if (value > 0) counts[`mails ${shown}`] = (counts[`mails ${shown}`] ?? 0) + value;
    }
  }
  return counts;
}

describe('the totals', () => {
  test('are those of one process, but for what a killed one had not sent, and never fall', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const totals = new Totals({ registry: new MetricsRegistry({ clock }) });
        const one = new MetricsRegistry({ clock });
        let incarnations = 0;
        const start = (slot: number): Worker => {
          incarnations += 1;
          return new Worker({ worker: slot + 1, incarnation: incarnations });
        };
        const workers = [0, 1, 2].map(start);
        let before = countsOf(totals.registry);
        const send = async (from: Worker, last: boolean) => {
          const changes = last ? from.reader.take() : await from.reader.read();
          if (changes !== undefined) from.sent.push(structuredClone(changes));
          for (const recording of from.unsent.splice(0)) record(one, recording);
        };
        for (const step of all) {
          const on = workers[step.worker] as Worker;
          if (step.do === 'record') {
            record(on.registry, step);
            on.unsent.push(step);
          } else if (step.do === 'send') await send(on, false);
          else if (step.do === 'remove') metricsOf(on.registry).counter.remove({ kind: step.label });
          else if (step.do === 'resetMetrics') on.registry.resetMetrics();
          else if (step.do === 'clear') on.registry.clear();
          else if (step.do === 'deliver' || step.do === 'again') {
            const changes = on.sent[step.which];
            if (changes !== undefined) totals.apply(on.source, changes);
          } else {
            if (step.do === 'end') await send(on, true);
            for (const changes of on.sent) totals.apply(on.source, changes);
            totals.end(on.source);
            workers[step.worker] = start(step.worker);
          }
          const now = countsOf(totals.registry);
          for (const [key, value] of Object.entries(before)) expect(now[key], key).toBeGreaterThanOrEqual(value);
          before = now;
        }
        for (const on of workers) {
          await send(on, true);
          for (const changes of on.sent.toReversed()) totals.apply(on.source, changes);
        }
        expect(countsOf(totals.registry)).toEqual(countsOf(one));
      }),
      { numRuns: 60 },
    );
  });
});
