/** What a call costs that returns a promise. Each row would get visibly worse without one of the tricks that README.md lists. */
import { instrument, MetricsRegistry } from 'tsukimi';
import { timeAsyncInTurns, timeInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class Service {
  async load(): Promise<void> {}

  /** Returns the promise that another measured method has just given it. */
  handOn(): Promise<void> {
    return this.load();
  }

  make(): Promise<void> {
    return Promise.resolve();
  }
}

await runSuite(promiseTricks);

async function promiseTricks({ quick }: SuiteOptions): Promise<Row[]> {
  const rounds = quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 200_000 };
  // First: what happens to promises later must cost those of the rest of the process nothing.
  const untouched = await bareAwait(rounds);
  const bare = new Service();
  const contained = instrument(new Service(), { registry: new MetricsRegistry() });
  const kept = instrument(new Service(), { registry: new MetricsRegistry(), unhandled: 'keep' });
  const { clocks } = timeInTurns({ clocks: () => [process.hrtime.bigint(), process.hrtime.bigint()] }, rounds);
  const times = await timeAsyncInTurns(
    {
      load: () => contained.load(),
      'hand on': () => contained.handOn(),
      'bare make': () => bare.make(),
      make: () => contained.make(),
      'make, keep': () => kept.make(),
    },
    rounds,
  );
  const afterwards = await bareAwait(rounds);
  const added = (what: string, limit: number, figures: Readonly<Record<string, number>>) => {
    const [without = 0, ours = 0] = Object.values(figures);
    return atMost(what, limit, { value: (ours - without) / clocks, unit: 'x', detail: nanos({ clocks, ...figures }) });
  };
  const { load, 'hand on': handOn, 'bare make': bareMake, make, 'make, keep': makeKept } = times;
  return [
    added('what a method adds that hands on the promise of another, against two clock reads', 4, { load, 'hand on': handOn }),
    added('what instrumenting adds to a method that makes a promise', 6, { bareMake, make }),
    added("the same with unhandled: 'keep'", 12, { bareMake, makeKept }),
    atMost('awaiting a promise that nobody measures, after all that, against before', 1.15, {
      value: afterwards / untouched,
      unit: 'x',
      detail: nanos({ before: untouched, after: afterwards }),
    }),
    atMost('bytes allocated per awaited async call, beyond those of the bare one', 160, {
      value: (await bytesPerCall(() => contained.load(), rounds.calls)) - (await bytesPerCall(() => bare.load(), rounds.calls)),
      unit: ' B',
      detail: '',
    }),
    atMost('bytes kept per pending call that returns the same promise as 100000 others', 8, {
      value: await bytesPerPendingCall(quick ? 10_000 : 100_000),
      unit: ' B',
      detail: '',
    }),
  ];
}

async function bareAwait(rounds: { readonly rounds: number; readonly calls: number }): Promise<number> {
  const { plain } = await timeAsyncInTurns({ plain: () => Promise.resolve() }, rounds);
  return plain;
}

/** Calls that all return one promise which is not settled. */
async function bytesPerPendingCall(calls: number): Promise<number> {
  let settle = (): void => {};
  const pending = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const cache = instrument({ connection: () => pending }, { registry: new MetricsRegistry(), component: 'Cache' });
  cache.connection();
  const before = usedBytes();
  for (let call = 0; call < calls; call += 1) cache.connection();
  const kept = usedBytes() - before;
  settle();
  await pending;
  return Math.max(0, kept) / calls;
}

async function bytesPerCall(call: () => Promise<void>, calls: number): Promise<number> {
  for (let index = 0; index < calls; index += 1) await call();
  const before = usedBytes();
  for (let index = 0; index < calls; index += 1) await call();
  return (process.memoryUsage().heapUsed - before) / calls;
}

function usedBytes(): number {
  for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
