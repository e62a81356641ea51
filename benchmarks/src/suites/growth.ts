/** Whether recording stays as cheap as series become many. */
import { MetricsRegistry } from 'tsukimi';
import { timeInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

await runSuite(growth);

function growth({ quick }: SuiteOptions): Row[] {
  const rounds = quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 300_000 };
  const existing = quick ? [10, 100, 1_000] : [10, 1_000, 100_000];
  const bySeries = timeInTurns(named(existing.map((count) => [`${count} series`, recorder(count, 1)])), rounds);
  const byHot = timeInTurns(named([1, 100, 1_000].map((hot) => [`${hot} hot`, recorder(1_000, hot)])), rounds);
  return [flat('record cost as series grow (one hot)', bySeries), flat('record cost as label sets are hot at once', byHot)];
}

/** Records into `hot` label sets in turn, of a metric that has `count`. */
function recorder(count: number, hot: number): () => void {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: count });
  const counter = registry.counter({ name: 'calls_total', help: 'Calls.', labelNames: ['id'] });
  const durations = registry.histogram({ name: 'duration_seconds', help: 'Durations.', labelNames: ['id'] });
  const bound = Array.from({ length: count }, (_, id) => ({ calls: counter.labels({ id }), durations: durations.labels({ id }) }));
  for (const { durations: series } of bound) series.observe(0.003);
  let next = 0;
  return () => {
    const series = bound[next] as (typeof bound)[number];
    next = next + 1 === hot ? 0 : next + 1;
    series.calls.inc();
    series.durations.observe(0.003);
  };
}

function named(subjects: readonly (readonly [string, () => void])[]): Record<string, () => void> {
  return Object.fromEntries(subjects);
}

function flat(what: string, times: Readonly<Record<string, number>>): Row {
  const values = Object.values(times);
  return atMost(what, 1.2, { value: (values.at(-1) as number) / (values[0] as number), unit: 'x', detail: nanos(times) });
}
