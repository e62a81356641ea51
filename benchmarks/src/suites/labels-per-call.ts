/** Recording by name and labels, as applications do for their own metrics. */
import { Counter, Registry } from 'prom-client';
import { InstrumentationProvider, MetricsRegistry } from 'tsukimi';
import { timeInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

await runSuite(labelsPerCall);

function labelsPerCall({ quick }: SuiteOptions): Row[] {
  const provider = new InstrumentationProvider(new MetricsRegistry());
  const counter = new Counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'], registers: [new Registry()] });
  const times = timeInTurns(
    {
      recordMetric: () => provider.recordMetric('writes_total', 1, { table: 'orders', operation: 'insert' }),
      'prom-client': () => counter.inc({ table: 'orders', operation: 'insert' }),
    },
    quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 300_000 },
  );
  return [
    atMost('recordMetric(name, 1, labels) against prom-client counter.inc(labels)', 1, {
      value: times.recordMetric / times['prom-client'],
      unit: 'x',
      detail: nanos(times),
    }),
  ];
}
