/** What instrumenting adds to an awaited asynchronous call. */
import { instrument, MetricsRegistry } from 'tsukimi';
import { timeAsyncInTurns, timeInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class Service {
  async work(): Promise<void> {}
}

await runSuite(asyncCalls);

async function asyncCalls({ quick }: SuiteOptions): Promise<Row[]> {
  const { bigint } = process.hrtime;
  const rounds = quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 300_000 };
  const bare = new Service();
  const ours = instrument(new Service(), { registry: new MetricsRegistry() });
  const { clocks } = timeInTurns(
    {
      clocks: () => {
        bigint();
        return bigint();
      },
    },
    rounds,
  );
  const times = await timeAsyncInTurns({ bare: () => bare.work(), ours: () => ours.work() }, rounds);
  return [
    atMost('what instrumenting adds to an awaited async no-op, against two clock reads', 2, {
      value: (times.ours - times.bare) / clocks,
      unit: 'x',
      detail: nanos({ clocks, ...times }),
    }),
  ];
}
