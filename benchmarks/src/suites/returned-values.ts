/** What instrumenting adds to calls that end later than their method returns: promises that a non-async method hands on or makes, and generators. */
import { Counter, Histogram, Registry } from 'prom-client';
import { instrument, MetricsRegistry } from 'tsukimi';
import { timeAsyncInTurns, timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class Task<T> extends Promise<T> {}

class Service {
  /** Stays pending until the caller awaits it. */
  handsOn(promise: Promise<void>): Promise<void> {
    return promise;
  }
  makes(): Promise<void> {
    return new Promise((resolve) => resolve());
  }
  makesSubclass(): Promise<void> {
    return new Task((resolve) => resolve());
  }
  *rows(): Generator<number> {
    yield 1;
  }
}

async function later(): Promise<void> {
  await null;
}

function drained(service: Service): number {
  let sum = 0;
  for (const row of service.rows()) sum += row;
  return sum;
}

/** What one writes by hand with prom-client to measure a promise beside its caller. */
function byHand(call: () => Promise<void>): () => Promise<void> {
  const registers = [new Registry()];
  const labelNames = ['component', 'method'];
  const seconds = new Histogram({ name: 'call_seconds', help: 'Calls.', labelNames, registers });
  const calls = new Counter({ name: 'calls_total', help: 'Calls.', labelNames: [...labelNames, 'outcome'], registers });
  const labels = { component: 'Service', method: 'work' };
  return () => {
    const end = seconds.startTimer(labels);
    const ended = (outcome: string) => (): void => {
      end();
      calls.inc({ ...labels, outcome });
    };
    const promise = call();
    promise.then(ended('success'), ended('failure'));
    return promise;
  };
}

await runSuite(returnedValues);

async function returnedValues({ quick }: SuiteOptions): Promise<Row[]> {
  const rounds = quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 100_000 };
  const bare = new Service();
  const registry = new MetricsRegistry();
  const keep = instrument(new Service(), { registry, component: 'Keep', unhandled: 'keep' });
  const contain = instrument(new Service(), { registry, component: 'Contain', unhandled: 'contain' });
  const times = (call: (service: Service) => Promise<void>) =>
    timeAsyncInTurns(
      { bare: () => call(bare), 'by hand': byHand(() => call(bare)), contain: () => call(contain), keep: () => call(keep) },
      rounds,
    );
  const rows: Row[] = [];
  const kinds: [string, number, (service: Service) => Promise<void>][] = [
    ['a promise that is handed on', 0.5, (service) => service.handsOn(later())],
    ['a promise that the method makes', 0.5, (service) => service.makes()],
    ['a promise of a subclass', 0.75, (service) => service.makesSubclass()],
  ];
  for (const [what, limit, call] of kinds) {
    const measured = await times(call);
    for (const unhandled of ['contain', 'keep'] as const)
      rows.push(
        atMost(`${what}, awaited, unhandled: ${unhandled}, against prom-client by hand`, limit, {
          value: measured[unhandled] / measured['by hand'],
          unit: 'x',
          detail: nanos(measured),
        }),
      );
  }
  const generators = timeInTurns({ bare: () => drained(bare), ours: () => drained(contain) }, rounds);
  return [
    ...rows,
    {
      what: 'what instrumenting adds to a generator of one value, run to its end',
      budget: '',
      measured: `${format(generators.ours - generators.bare)} ns`,
      holds: undefined,
      detail: nanos(generators),
    },
  ];
}
