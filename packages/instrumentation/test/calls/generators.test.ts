/** Generators: over when they return, throw or are broken out of. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike, type World } from './support/compare.js';
import { collectUntil } from './support/garbage.js';

class Pages {
  constructor(readonly world: World) {}
  *count(to: number): Generator<number, string, unknown> {
    try {
      for (let n = 1; n <= to; n += 1) {
        this.world.advance(1);
        this.world.log(yield n);
      }
      return 'the end';
    } finally {
      this.world.log('closed');
    }
  }
  *stubborn(): Generator<string, string> {
    try {
      yield 'first';
    } catch (error) {
      this.world.log(error);
      yield 'caught';
    }
    return 'done';
  }
  *delegate(): Generator<unknown, unknown, unknown> {
    const returned = yield* this.count(2);
    this.world.log(returned);
    return yield* new Set(['a', 'b']);
  }
}

const make = (world: World) => new Pages(world);

describe('A generator', () => {
  test('is timed from the call until it returns', async () => {
    const counted = await playedAlike({
      make,
      script: (pages, { advance }) => {
        const numbers: number[] = [];
        for (const n of pages.count(3)) {
          numbers.push(n);
          advance(10);
        }
        return numbers;
      },
    });
    expect(counted).toEqual({ count: calls(1, 0, 33) });
  });

  test('passes the same values in both directions', async () => {
    const counted = await playedAlike({
      make,
      script: (pages) => {
        const generator = pages.count(2);
        return [generator.next('ignored'), generator.next('one'), generator.next('two'), generator.next(), generator.return('late')];
      },
    });
    expect(counted).toEqual({ count: calls(1, 0, 2) });
  });

  test('is the generator itself', async () => {
    await playedAlike({
      make,
      script: (pages, { log }) => {
        const generator = pages.count(1);
        log(generator[Symbol.iterator]() === generator, Object.prototype.toString.call(generator), Object.keys(generator));
        log(Object.getPrototypeOf(generator) === Pages.prototype.count.prototype, generator instanceof pages.count);
        log(generator.next.name, generator.next.length, generator.return.name, generator.throw.length);
        log([...generator], [...pages.count(0)], Array.from(pages.count(2)), Math.max(...pages.count(3)));
        const [head] = pages.count(9);
        log(head);
      },
    });
  });

  test('delegates to and from others as it would', async () => {
    const counted = await playedAlike({ make, script: (pages) => [...pages.delegate()] });
    expect(counted).toEqual({ delegate: calls(1, 0, 2), count: calls(1, 0, 2) });
  });

  test('that hands on foreign results does not have them read', async () => {
    await playedAlike({
      make: ({ log }) => ({
        *all() {
          const result = {
            get done() {
              log('done was read');
              return false;
            },
            value: 2,
          };
          return yield* { [Symbol.iterator]: () => ({ next: () => result }) } as Iterable<number>;
        },
      }),
      script: (subject) => subject.all().next(),
    });
  });

  test('that steps itself while it runs gets its TypeError, and lives on', async () => {
    const counted = await playedAlike({
      make: ({ log }) => ({
        self: undefined as Generator | undefined,
        *reentrant(): Generator<number> {
          try {
            this.self?.next();
          } catch (error) {
            log(error);
          }
          yield 1;
        },
      }),
      script: (subject) => {
        subject.self = subject.reentrant();
        return [...subject.self];
      },
    });
    expect(counted).toEqual({ reentrant: calls(1, 0) });
  });

  test('lends its steps to other generators', async () => {
    const counted = await playedAlike({
      make,
      script: (pages, { log }) => {
        const [one, two] = [pages.count(2), pages.count(2)];
        log(Reflect.apply(one.next, two, []), one.next().value, two.next().value);
        const alien = (function* () {
          yield 'alien';
        })();
        log(Reflect.apply(one.next, alien, []));
        expect(() => Reflect.apply(one.next, {}, [])).toThrow(TypeError);
        return [one.return('x'), two.return('y')];
      },
    });
    expect(counted).toEqual({ count: calls(2, 0, 6) });
  });

  test('watched by two registries is counted in each', async () => {
    const [first, second] = [new MetricsRegistry(), new MetricsRegistry()];
    const subject = {
      *fail(): Generator<number> {
        yield 1;
        throw new Error('after one');
      },
    };
    instrument(instrument(subject, { component: 'Subject', registry: first }), { component: 'Subject', registry: second });
    expect(() => [...subject.fail()]).toThrow('after one');
    for (const registry of [first, second]) expect(await callsIn(registry)).toMatchObject({ fail: { success: 0, failure: 1 } });
  });
});

describe('A generator that is closed early', () => {
  test.each([
    ['break', (pages: Pages) => takeOne(pages)],
    ['return', (pages: Pages) => pages.count(3).return('early')],
    ['destructuring', (pages: Pages) => Object.values(pages.count(3)).length],
  ])('is over then, and a success: %s', async (how, use) => {
    const counted = await playedAlike({ make, script: use });
    if (how !== 'destructuring') expect(counted).toMatchObject({ count: { success: 1, failure: 0 } });
  });

  test('by an error of its user is over as well', async () => {
    const counted = await playedAlike({
      make,
      script: (pages) => {
        for (const n of pages.count(3)) if (n === 2) throw new Error('of the user');
      },
    });
    expect(counted).toEqual({ count: calls(1, 0, 2) });
  });
});

describe('A generator that is thrown into', () => {
  test('is a failure where it does not catch', async () => {
    const counted = await playedAlike({
      make,
      script: (pages) => {
        const generator = pages.count(3);
        generator.next();
        generator.throw(new Error('into it'));
      },
    });
    expect(counted).toEqual({ count: calls(0, 1, 1) });
  });

  test('goes on where it does', async () => {
    const counted = await playedAlike({
      make,
      script: (pages) => {
        const generator = pages.stubborn();
        return [generator.next(), generator.throw(new Error('into it')), generator.next(), generator.next()];
      },
    });
    expect(counted).toEqual({ stubborn: calls(1, 0) });
  });

  test('before it began, or with undefined', async () => {
    const counted = await playedAlike({ make, script: (pages) => pages.count(3).throw(undefined) });
    expect(counted).toEqual({ count: calls(0, 1) });
  });
});

describe('A generator that is never run to its end', () => {
  test('is counted when it is let go of, with the time its method took', async () => {
    let now = 0n;
    const registry = new MetricsRegistry({ clock: () => now });
    const pages = instrument(new Pages({ log: () => undefined, advance: () => undefined }), { registry });
    for (let n = 0; n < 5; n += 1) {
      pages.count(3);
      pages.stubborn().next();
    }
    now += 60_000_000_000n;
    expect(
      await collectUntil(async () => Object.values(await callsIn(registry)).reduce((sum, { success }) => sum + success, 0) === 10),
    ).toBe(true);
    expect(await callsIn(registry)).toEqual({ count: calls(5, 0), stubborn: calls(5, 0) });
  });
});

function takeOne(pages: Pages): number {
  for (const n of pages.count(3)) return n;
  return 0;
}
