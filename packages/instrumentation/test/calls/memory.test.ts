/** What stays in memory: nothing of an instance that is dropped, nothing of a call that is over. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { collectGarbage, collectUntil } from './support/garbage.js';

class Transient {
  readonly payload = new Array(10).fill(0);
  readonly arrow = (): number => this.payload.length;
  readonly memo = Object.assign(() => this.payload.length, { cache: new Map() });
  bound = this.work.bind(this);
  work(): number {
    return this.payload.length;
  }
  async later(): Promise<number> {
    return this.payload.length;
  }
  *pages(): Generator<number> {
    yield this.payload.length;
  }
  handsOn(): Promise<Transient> {
    return Promise.resolve(this);
  }
}

describe('An instrumented instance that is dropped', () => {
  test('is collected, whatever was called on it', async () => {
    const registry = new MetricsRegistry();
    const references: WeakRef<object>[] = [];
    const use = async (): Promise<void> => {
      const instance = instrument(new Transient(), { registry });
      references.push(new WeakRef(instance));
      instance.work();
      instance.arrow();
      instance.memo();
      instance.bound();
      await instance.later();
      await instance.handsOn();
      for (const page of instance.pages()) references.push(new WeakRef({ page }));
    };
    for (let n = 0; n < 50; n += 1) await use();
    expect(await collectUntil(() => references.every((reference) => reference.deref() === undefined))).toBe(true);
  });

  test('a hundred thousand of them leave nothing', async () => {
    const registry = new MetricsRegistry();
    const make = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const instance = instrument(new Transient(), { registry });
        instance.arrow();
        if (n % 100 === 0) await instance.later();
      }
    };
    await make(2_000);
    await collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await make(100_000);
    // An instance of these takes more than 3 kB: were one in a hundred kept, this would be 3 MB, however often garbage is collected.
    expect(await collectUntil(() => process.memoryUsage().heapUsed - before < 1_500_000)).toBe(true);
    expect(await callsIn(registry)).toMatchObject({ arrow: { success: 102_000 } });
  });
});

describe('A registry that is dropped', () => {
  test('is collected with the wrappers that point to it', async () => {
    const references: WeakRef<object>[] = [];
    (() => {
      for (let n = 0; n < 10; n += 1) {
        const registry = new MetricsRegistry();
        instrument(new Transient(), { registry }).work();
        references.push(new WeakRef(registry));
      }
    })();
    expect(await collectUntil(() => references.every((reference) => reference.deref() === undefined))).toBe(true);
  });
});
