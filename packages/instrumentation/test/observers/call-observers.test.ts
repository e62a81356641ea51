/** Observers of calls: what they are told, and that they break nothing. */
import { Service } from '@tsukimi/core';
import {
  type CallObserver,
  type CompletedCall,
  callObservers,
  instrument,
  type ObservedCall,
  observeCalls,
} from '@tsukimi/instrumentation';
import { type MetricError, MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { withClock } from '../support/registry-with-clock.js';
import { bareApplication, instrumentedApplication, start, startFailure } from '../support/start.js';

class Moons {
  // Private, because a function in a property would be a measured method.
  readonly #pass: (ms: number) => void;

  constructor(pass: (ms: number) => void = () => {}) {
    this.#pass = pass;
  }

  find(id: number): string {
    this.#pass(250);
    if (id < 0) throw new RangeError(`no moon ${id}`);
    return `moon ${id}`;
  }
  async load(id: number): Promise<string> {
    await null;
    return this.find(id);
  }
  *list(): Generator<string> {
    yield 'first';
    yield 'second';
  }
}

/** Keeps what it is told. */
class Told implements CallObserver {
  readonly lines: string[] = [];
  readonly ends: CompletedCall[] = [];

  began({ component, method }: ObservedCall): void {
    this.lines.push(`began ${component}.${method}`);
  }
  error({ component, method, error }: CompletedCall): void {
    this.lines.push(`error ${component}.${method} ${(error as Error).message}`);
  }
  ended(call: CompletedCall): void {
    this.lines.push(`ended ${call.component}.${call.method} ${call.status}`);
    this.ends.push(call);
  }
}

test('an observer sees each measured call, in order, once', async () => {
  const registry = new MetricsRegistry();
  const told = new Told();
  observeCalls(registry, told);
  const moons = instrument(new Moons(), { registry });
  expect(await moons.load(1)).toBe('moon 1');
  expect(() => moons.find(-1)).toThrow('no moon -1');
  expect([...moons.list()]).toEqual(['first', 'second']);
  expect(told.lines).toEqual([
    'began Moons.load',
    'began Moons.find',
    'ended Moons.find success',
    'ended Moons.load success',
    'began Moons.find',
    'error Moons.find no moon -1',
    'ended Moons.find failure',
    'began Moons.list',
    'ended Moons.list success',
  ]);
});

test('an end has the duration in seconds, and no arguments', async () => {
  const { registry, pass } = withClock();
  const told = new Told();
  observeCalls(registry, told);
  const moons = instrument(new Moons(pass), { registry });
  moons.find(7);
  expect(told.ends).toEqual([
    { component: 'Moons', method: 'find', args: undefined, durationSeconds: 0.25, status: 'success', error: undefined },
  ]);
});

test('an observer that asks for them gets the arguments of a call, as they were', async () => {
  const registry = new MetricsRegistry();
  const seen: unknown[] = [];
  observeCalls(registry, {
    wantsArguments: true,
    began: ({ method, args }) => seen.push(['began', method, args]),
    error: ({ method, args }) => seen.push(['error', method, args]),
    ended: ({ method, args }) => seen.push(['ended', method, args]),
  });
  const others: unknown[] = [];
  observeCalls(registry, { began: ({ args }) => others.push(args), ended: ({ args }) => others.push(args) });
  const moons = instrument(new Moons(), { registry });
  await expect(moons.load(-2)).rejects.toThrow('no moon -2');
  expect(seen).toEqual([
    ['began', 'load', [-2]],
    ['began', 'find', [-2]],
    ['error', 'find', [-2]],
    ['ended', 'find', [-2]],
    ['error', 'load', [-2]],
    ['ended', 'load', [-2]],
  ]);
  expect(others).toEqual([undefined, undefined, undefined, undefined]);
});

test('an observer of begins only gets the arguments, too', () => {
  const registry = new MetricsRegistry();
  const seen: unknown[] = [];
  observeCalls(registry, { wantsArguments: true, began: ({ args }) => seen.push(args) });
  instrument(new Moons(), { registry }).find(3);
  expect(seen).toEqual([[3]]);
});

test('an observer chooses its methods, and sees no others', () => {
  const registry = new MetricsRegistry();
  const told = new Told();
  observeCalls(registry, Object.assign(told, { observes: ({ method }: { method: string }) => method === 'list' }));
  const moons = instrument(new Moons(), { registry });
  moons.find(1);
  expect([...moons.list()]).toHaveLength(2);
  expect(told.lines).toEqual(['began Moons.list', 'ended Moons.list success']);
});

test('methods that are not measured are not observed', () => {
  const registry = new MetricsRegistry();
  const told = new Told();
  observeCalls(registry, told);
  const moons = instrument(new Moons(), { registry, include: ['list'] });
  moons.find(1);
  expect(told.lines).toEqual([]);
  expect(Object.hasOwn(moons, 'find')).toBe(false);
});

test('observers of one object see that object only', () => {
  const registry = new MetricsRegistry();
  const [first, second] = [new Told(), new Told()];
  const one = instrument(new Moons(), { registry, observers: [first] });
  const two = instrument(new Moons(), { registry, observers: [second] });
  const three = instrument(new Moons(), { registry });
  one.find(1);
  for (const moons of [two, two, three]) moons.find(2);
  expect([first.lines.length, second.lines.length]).toEqual([2, 4]);
});

test('what an observer throws or rejects with breaks no call, and is reported once', async () => {
  const reported: MetricError[] = [];
  const registry = new MetricsRegistry({ onError: (error) => reported.push(error) });
  const fail = () => {
    throw new TypeError('observer broken');
  };
  observeCalls(registry, { began: fail, error: fail, ended: fail });
  observeCalls(registry, { ended: (async () => fail()) as () => void });
  const told = new Told();
  observeCalls(registry, told);
  const moons = instrument(new Moons(), { registry });
  for (let n = 0; n < 3; n += 1) {
    expect(await moons.load(n)).toBe(`moon ${n}`);
    expect(() => moons.find(-1)).toThrow('no moon -1');
  }
  expect(reported.map(({ code, message }) => [code, message])).toEqual([
    [
      'TSK_ERR_OBSERVER_CALL',
      'began of a call observer threw TypeError for Moons.load. The call was not affected. Fix the observer; its further errors are not reported.',
    ],
    [
      'TSK_ERR_OBSERVER_CALL',
      'ended of a call observer threw TypeError for Moons.find. The call was not affected. Fix the observer; its further errors are not reported.',
    ],
  ]);
  expect(told.lines.filter((line) => line.startsWith('ended'))).toHaveLength(9);
});

test('measured calls of an observer itself are measured, and not observed', async () => {
  const registry = new MetricsRegistry();
  const lines: string[] = [];
  const moons = { find: (id: number) => id };
  observeCalls(registry, {
    ended: ({ method }) => {
      lines.push(method);
      moons.find(2);
    },
  });
  instrument(moons, { registry, component: 'Moons' });
  moons.find(1);
  expect(lines).toEqual(['find']);
  expect(await registry.expose({ names: ['component_calls_total'] })).toContain(
    'component_calls_total{component="Moons",method="find",status="success"} 2',
  );
});

test('an observer that was taken away hears nothing any more', () => {
  const registry = new MetricsRegistry();
  const told = new Told();
  const stop = observeCalls(registry, told);
  const moons = instrument(new Moons(), { registry });
  moons.find(1);
  stop();
  moons.find(2);
  expect(told.lines).toHaveLength(2);
});

@Service()
class Phases {
  now() {
    return 'full';
  }
}

test('an application is observed from its first call on', async () => {
  const told = new Told();
  const App = instrumentedApplication([Phases], { extensions: [callObservers(() => told)] });
  const { app } = await start(App);
  expect(app.resolve(Phases).now()).toBe('full');
  expect(told.lines).toEqual(['began Phases.now', 'ended Phases.now success']);
});

test('observers of an application that is not instrumented stop the start', async () => {
  const App = bareApplication([Phases], { extensions: [callObservers(() => new Told())] });
  expect(await startFailure(App)).toBe(
    'TSK_ERR_EXTENSION_OBSERVERS: callObservers() is an extension of an application that measures no calls. Put @Instrumented() above the application class, or remove the extension.',
  );
});

test('instrument() refuses observers that are none', () => {
  const registry = new MetricsRegistry();
  expect(() => instrument(new Moons(), { registry, observers: [undefined as never] })).toThrow('observers');
});
