/** How far the order of continuations may move: by one turn of the microtask queue for each measured call of an async method. */

import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';

/** Turns of the microtask queue until a promise's listener runs. */
async function turnsUntilSettled(begin: () => PromiseLike<unknown>): Promise<number> {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  begin().then(done, done);
  let turns = 0;
  while (!settled) {
    await null;
    turns += 1;
  }
  return turns;
}

class Subject {
  async empty(): Promise<void> {}
  async waits(): Promise<void> {
    await null;
  }
  async fails(): Promise<void> {
    throw new Error('no');
  }
  handsOn(): Promise<void> {
    return Promise.resolve();
  }
  async *rows(): AsyncGenerator<number> {
    yield 1;
  }
  lazy(): PromiseLike<unknown> {
    return new Lazy();
  }
  async nested(): Promise<void> {
    await this.waits();
    await this.waits();
  }
}

class Lazy implements PromiseLike<unknown> {
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about.
  then<A, B>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve<unknown>(undefined).then(onFulfilled, onRejected) as Promise<A | B>;
  }
}

describe('The order of continuations', () => {
  const bare = new Subject();
  const instrumented = instrument(new Subject(), { registry: new MetricsRegistry() });

  test.each([
    ['empty', 1],
    ['waits', 1],
    ['fails', 1],
    ['handsOn', 0],
    ['lazy', 0],
    ['nested', 3],
  ] as const)('%s settles %i turns later: one for each measured async method', async (method, later) => {
    expect((await turnsUntilSettled(() => instrumented[method]())) - (await turnsUntilSettled(() => bare[method]()))).toBe(later);
  });

  test('each step of an async generator settles one turn later', async () => {
    const [one, other] = [instrumented.rows(), bare.rows()];
    for (let step = 0; step < 3; step += 1)
      expect((await turnsUntilSettled(() => one.next())) - (await turnsUntilSettled(() => other.next()))).toBe(1);
  });

  test('a synchronous method takes no turn', async () => {
    const order: string[] = [];
    const subject = instrument({ now: () => order.push('called') }, { registry: new MetricsRegistry() });
    queueMicrotask(() => order.push('microtask'));
    subject.now();
    await null;
    expect(order).toEqual(['called', 'microtask']);
  });
});
