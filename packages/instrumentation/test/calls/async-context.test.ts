/** Async context: what a continuation finds in its `AsyncLocalStorage`. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

const storage = new AsyncLocalStorage<string>();

class Subject {
  sync(): string | undefined {
    return storage.getStore();
  }
  async later(): Promise<string | undefined> {
    await setImmediate();
    return storage.getStore();
  }
  handsOn(): Promise<string | undefined> {
    return setImmediate().then(() => storage.getStore());
  }
  *pages(): Generator<string | undefined> {
    yield storage.getStore();
    yield storage.getStore();
  }
  async *rows(): AsyncGenerator<string | undefined> {
    yield storage.getStore();
    await setImmediate();
    yield storage.getStore();
  }
  lazy(): PromiseLike<string | undefined> {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about.
    return { then: (resolve) => setImmediate().then(() => resolve?.(storage.getStore())) as never };
  }
  enters(store: string): void {
    storage.enterWith(store);
  }
}

describe('An async context', () => {
  test('is the caller’s in every kind of method, and after it', async () => {
    const counted = await playedAlike({
      make: () => new Subject(),
      script: (subject, { log }) =>
        storage.run('outer', async () => {
          log(subject.sync(), await subject.later(), storage.getStore(), await subject.handsOn(), storage.getStore());
          log(await subject.lazy(), storage.getStore());
          const pages = storage.run('inner', () => subject.pages());
          log(...pages);
          for await (const row of subject.rows()) log(row, storage.getStore());
          await storage.run('inner', () => subject.later()).then((value) => log(value, storage.getStore()));
        }),
    });
    expect(counted).toEqual({
      sync: calls(1, 0),
      later: calls(2, 0),
      handsOn: calls(1, 0),
      lazy: calls(1, 0),
      pages: calls(1, 0),
      rows: calls(1, 0),
    });
  });

  test('that a method enters is the caller’s from then on', async () => {
    await playedAlike({
      make: () => new Subject(),
      script: (subject, { log }) =>
        storage.run('outer', () => {
          subject.enters('entered');
          log(storage.getStore());
        }),
    });
  });
});
