/** Async generators: over when the promise of their last step settles. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike, type World } from './support/compare.js';

class Feed {
  constructor(readonly world: World) {}
  async *rows(to: number): AsyncGenerator<number, string, unknown> {
    try {
      for (let n = 1; n <= to; n += 1) {
        await setImmediate();
        this.world.advance(1);
        this.world.log(yield n);
      }
      return 'the end';
    } finally {
      await setImmediate();
      this.world.log('closed');
    }
  }
  async *failing(): AsyncGenerator<number> {
    yield 1;
    throw new TypeError('after one');
  }
  async *delegate(): AsyncGenerator<unknown, unknown, unknown> {
    this.world.log(yield* this.rows(2));
    return yield* ['a', Promise.resolve('b')];
  }
  async *careful(): AsyncGenerator<unknown> {
    try {
      yield 1;
    } catch (error) {
      this.world.log(error);
      yield 2;
    }
  }
}

const make = (world: World) => new Feed(world);

describe('An async generator', () => {
  test('is timed from the call until it returns', async () => {
    const counted = await playedAlike({
      make,
      script: async (feed, { advance, log }) => {
        for await (const n of feed.rows(3)) {
          log(n);
          advance(10);
        }
      },
    });
    expect(counted).toEqual({ rows: calls(1, 0, 33) });
  });

  test('answers concurrent steps in order', async () => {
    const counted = await playedAlike({
      make,
      script: (feed, { log }) => {
        const rows = feed.rows(2);
        return Promise.all(
          [rows.next('a'), rows.next('b'), rows.next('c'), rows.next('d'), rows.return('e')].map((step) =>
            step.then((result) => log(result)),
          ),
        );
      },
    });
    expect(counted).toEqual({ rows: calls(1, 0, 2) });
  });

  test('is the generator itself', async () => {
    await playedAlike({
      make,
      script: async (feed, { log }) => {
        const rows = feed.rows(1);
        log(
          rows[Symbol.asyncIterator]() === rows,
          Object.prototype.toString.call(rows),
          Object.keys(rows),
          rows.next.name,
          rows.next.length,
        );
        log(Object.getPrototypeOf(rows) === Feed.prototype.rows.prototype, rows.next() instanceof Promise);
        await rows.return('x');
        await expect(Reflect.apply(rows.next, {}, [])).rejects.toThrow(TypeError);
      },
    });
  });

  test('delegates to and from others as it would', async () => {
    const counted = await playedAlike({
      make,
      script: async (feed, { log }) => {
        for await (const value of feed.delegate()) log(value);
      },
    });
    expect(counted).toEqual({ delegate: calls(1, 0, 2), rows: calls(1, 0, 2) });
  });

  test('that throws is a failure', async () => {
    const counted = await playedAlike({
      make,
      script: async (feed, { log }) => {
        for await (const n of feed.failing()) log(n);
      },
    });
    expect(counted).toEqual({ failing: calls(0, 1) });
  });
});

describe('An async generator that is closed early', () => {
  test.each([
    [
      'break',
      async (feed: Feed, { log }: World) => {
        for await (const n of feed.rows(3)) {
          log(n);
          break;
        }
      },
    ],
    [
      'an error of its user',
      async (feed: Feed, { log }: World) => {
        for await (const n of feed.rows(3)) {
          log(n);
          throw new Error('of the user');
        }
      },
    ],
    ['return before it began', (feed: Feed) => feed.rows(3).return('early')],
    ['return with a promise', (feed: Feed) => feed.rows(3).return(Promise.resolve('early') as unknown as string)],
  ])('is over then, and a success: %s', async (_how, script) => {
    const counted = await playedAlike({ make, script });
    expect(counted).toMatchObject({ rows: { success: 1, failure: 0 } });
  });
});

describe('An async generator that is thrown into', () => {
  test('is a failure where it does not catch, and goes on where it does', async () => {
    const counted = await playedAlike({
      make,
      script: async (feed, { log }) => {
        const [rows, careful] = [feed.rows(3), feed.careful()];
        log(await rows.next(), await careful.next());
        await rows.throw(new Error('into it')).catch((error) => log(error));
        log(await careful.throw(new Error('into it')), await careful.next());
      },
    });
    expect(counted).toEqual({ rows: calls(0, 1, 1), careful: calls(1, 0, 1) });
  });
});
