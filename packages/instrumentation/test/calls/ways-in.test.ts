/** The ways in to a thenable's answer, in libraries as they are: execa, Mongoose, p-cancelable, Bluebird, and a Prisma-shaped one. */
// biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about.
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import Bluebird from 'bluebird';
import { execa } from 'execa';
import mongoose from 'mongoose';
import PCancelable from 'p-cancelable';
import { describe, expect, test } from 'vitest';
import { calls, compare, playedAlike, type World } from './support/compare.js';

type Handler = (value: unknown) => unknown;

/** As Prisma makes them: every way in runs the query by itself, once. */
function prismaShaped({ log, advance }: World, answer: () => Promise<unknown>) {
  let promise: Promise<unknown> | undefined;
  const run = (): Promise<unknown> => {
    log('runs');
    promise ??= answer().finally(() => advance(10));
    return promise;
  };
  return {
    then: (onFulfilled?: Handler, onRejected?: Handler) => run().then(onFulfilled, onRejected),
    catch: (onRejected?: Handler) => run().catch(onRejected),
    finally: (listener?: () => void) => run().finally(listener),
    exec: () => run(),
    execute: () => run(),
    get [Symbol.toStringTag]() {
      return 'PrismaPromise';
    },
  };
}

type Ways = ReturnType<typeof prismaShaped>;

const use: [string, (query: Ways, world: World) => unknown][] = [
  ['then', (query, { log }) => query.then(log, log)],
  ['await', (query) => query],
  ['catch', (query, { log }) => query.catch(log)],
  ['catch without a handler', (query) => query.catch()],
  ['finally', (query, { log }) => query.finally(() => log('finally'))],
  ['exec', (query) => query.exec()],
  ['execute', (query) => query.execute()],
  ['exec, then catch, then await', async (query, { log }) => [await query.exec().catch(log), await query.catch(log), await query]],
  ['catch twice', async (query, { log }) => [await query.catch(log), await query.catch(log)]],
];

describe('A method that requests the result of a thenable', () => {
  test.each(use)('is what ends the call, and what times it: %s', async (_how, script) => {
    const make = (world: World) => ({
      find: () => prismaShaped(world, () => setImmediate('rows')),
      broken: () => prismaShaped(world, () => setImmediate().then(() => Promise.reject(new TypeError('no table')))),
    });
    const fulfilled = await playedAlike({
      make,
      script: (subject, world) => {
        const query = subject.find();
        world.advance(100);
        return script(query, world);
      },
    });
    expect(fulfilled).toEqual({ find: calls(1, 0, 10) });
    const rejected = await playedAlike({ make, script: (subject, world) => script(subject.broken(), world) });
    expect(rejected).toEqual({ broken: calls(0, 1, 10) });
  });

  test.each(use)('of a fluent object, through several measured methods: %s', async (_how, script) => {
    const counted = await playedAlike({
      make: (world) => {
        const inner = () => prismaShaped(world, () => Promise.reject(new TypeError('no table')));
        return {
          inner,
          outer(): Ways {
            return this.inner();
          },
        };
      },
      script: (subject, world) => script(subject.outer(), world),
    });
    expect(counted).toEqual({ inner: calls(0, 1, 10), outer: calls(0, 1, 10) });
  });

  test('finally: what its listener does is not the call', async () => {
    const counted = await playedAlike({
      make: (world) => ({ find: () => prismaShaped(world, () => Promise.resolve('rows')) }),
      script: async (subject, { advance }) =>
        await subject.find().finally(async () => {
          await setImmediate();
          advance(1000);
        }),
    });
    expect(counted).toEqual({ find: calls(1, 0, 10) });
  });

  test('that returns the thenable itself has started it, no more', async () => {
    const counted = await playedAlike({
      make: ({ advance }) => ({
        find: () => {
          const query = {
            execute: (): unknown => {
              advance(3);
              return query;
            },
            then: (_resolve: Handler, reject: Handler): void => {
              advance(4);
              reject(new Error('no'));
            },
          };
          return query;
        },
      }),
      script: async (subject, { advance }) => {
        const query = subject.find();
        advance(50);
        await query.execute();
      },
    });
    expect(counted).toEqual({ find: calls(0, 1, 7) });
  });

  test.each<[string, () => unknown, object]>([
    [
      'throws',
      () => {
        throw new RangeError('at once');
      },
      calls(0, 1),
    ],
    ['returns no promise', () => 5, calls(1, 0)],
    ['returns another thenable', () => Bluebird.reject(new Error('no')), calls(0, 1)],
  ])('that %s', async (_what, exec, expected) => {
    const counted = await playedAlike({
      make: () => ({ find: () => ({ exec, then: () => undefined }) }),
      script: async (subject) => await subject.find().exec(),
    });
    expect(counted).toEqual({ find: expected });
  });
});

describe('A promise of a library', () => {
  const settled: [string, (promise: Promise<unknown>) => unknown][] = [
    ['await', async (promise) => await promise],
    ['then', (promise) => promise.then((value) => value)],
    ['catch', (promise) => promise.catch((error: Error) => error.name)],
    ['finally', (promise) => promise.finally(() => undefined)],
  ];
  const libraries: Record<string, (settle: () => Promise<unknown>) => unknown> = {
    Bluebird: (settle) => Bluebird.resolve(settle()),
    'p-cancelable': (settle) => new PCancelable((resolve, reject) => void settle().then(resolve, reject)),
    'another realm': (settle) => runInNewContext('new Promise((resolve, reject) => { settle().then(resolve, reject); })', { settle }),
  };

  test.each(Object.entries(libraries).flatMap(([name, make]) => settled.map(([how, script]) => [name, how, make, script] as const)))(
    'of %s is timed from the call, and fails as it does: %s',
    async (_name, _how, make, script) => {
      const fulfilled = await playedAlike({
        make: ({ advance }) => ({ run: () => make(() => setImmediate('value').finally(() => advance(5))) }),
        script: async (subject, { advance }) => {
          const promise = subject.run();
          advance(2);
          return await script(promise as never);
        },
      });
      expect(fulfilled).toEqual({ run: calls(1, 0, 7) });
      const rejected = await playedAlike({
        make: ({ advance }) => ({
          run: () =>
            make(() =>
              setImmediate()
                .then(() => advance(5))
                .then(() => Promise.reject(new TypeError('no'))),
            ),
        }),
        script: (subject) => script(subject.run() as never),
      });
      expect(rejected).toEqual({ run: calls(0, 1, 5) });
    },
  );

  test("Bluebird's catch by class, and what it did not catch", async () => {
    const counted = await playedAlike({
      make: () => ({ run: () => Bluebird.reject(new TypeError('no')) }),
      script: async (subject, { log }) => {
        await subject.run().catch(TypeError, log);
        await subject.run().catch(RangeError, log);
      },
    });
    expect(counted).toEqual({ run: calls(0, 2) });
  });

  test.each(settled)('execa: a process that fails is a failure, and timed from the call: %s', async (_how, script) => {
    const make = () => ({
      good: () => execa(process.execPath, ['--version']),
      bad: () => execa(process.execPath, ['-e', 'process.exit(3)']),
    });
    const fulfilled = await playedAlike({
      make,
      script: async (subject, { advance, log }) => {
        const running = subject.good();
        advance(8);
        log(typeof running.pid, typeof running.kill, Object.keys(running).includes('then'));
        await script(running as never);
      },
    });
    expect(fulfilled).toEqual({ good: calls(1, 0, 8) });
    const rejected = await playedAlike({
      make,
      script: async (subject) => {
        const outcome = await Promise.resolve(script(subject.bad() as never)).catch((error: { exitCode: number }) => error.exitCode);
        return outcome === 3 || outcome;
      },
    });
    expect(rejected).toEqual({ bad: calls(0, 1) });
  });

  test('execa: a process that is piped into another is as its own promise is', async () => {
    const { calls: counted } = await compare({
      make: () => ({
        good: () => execa(process.execPath, ['--print', '1']),
        bad: () => execa(process.execPath, ['-e', 'process.exit(3)']),
        sink: (code: number) => execa(process.execPath, ['-e', `process.stdin.resume().on('end', () => process.exit(${code}))`]),
      }),
      script: async (subject) => {
        await subject
          .good()
          .pipe(subject.sink(4))
          .catch(() => undefined);
        await subject
          .bad()
          .pipe(subject.sink(0))
          .catch(() => undefined);
      },
    });
    expect(counted).toMatchObject({ good: { success: 1, failure: 0 }, bad: { success: 0, failure: 1 } });
  });

  test.each([
    ['exec', (query: mongoose.Query<unknown, unknown>) => query.exec()],
    ['then', (query: mongoose.Query<unknown, unknown>) => query.then((value) => value)],
    ['catch', (query: mongoose.Query<unknown, unknown>) => query.catch((error: Error) => error.name)],
    ['finally', (query: mongoose.Query<unknown, unknown>) => query.finally(() => undefined)],
    ['await', async (query: mongoose.Query<unknown, unknown>) => await query],
  ] as const)('Mongoose: a query without a server is a failure: %s', async (_how, script) => {
    const connection = mongoose.createConnection();
    const Car = connection.model('Car', new mongoose.Schema({ name: String }, { bufferTimeoutMS: 5, autoIndex: false, autoCreate: false }));
    const counted = await playedAlike({
      make: () => ({ find: () => Car.findOne({ name: 'Jimny' }) as unknown as mongoose.Query<unknown, unknown> }),
      script: async (subject, { log }) => {
        const query = subject.find();
        log(query instanceof mongoose.Query, query.getFilter());
        await wait(0);
        return await script(query);
      },
    });
    expect(counted).toEqual({ find: calls(0, 1) });
    await connection.close();
  });
});
