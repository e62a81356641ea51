import { Counted, Gauged, instrument, Timed } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { withClock } from '../../support/registry-with-clock.js';

describe('every kind of method', () => {
  class Moon {
    constructor(readonly pass: (ms: number) => void) {}

    @Timed({ name: 'sync_seconds' })
    @Counted({ name: 'sync_total' })
    sync(fails: boolean): string {
      this.pass(5);
      if (fails) throw new Error('clouds');
      return 'moon';
    }

    @Counted({ name: 'async_total' })
    @Timed({ name: 'async_seconds' })
    async async(fails: boolean): Promise<string> {
      await null;
      this.pass(7);
      if (fails) throw new Error('clouds');
      return 'moon';
    }

    @Timed({ name: 'generator_seconds' })
    @Counted({ name: 'generator_total' })
    *generator(fails: boolean): Generator<string> {
      yield 'new';
      this.pass(11);
      if (fails) throw new Error('clouds');
      yield 'full';
    }

    @Timed({ name: 'stream_seconds' })
    @Counted({ name: 'stream_total' })
    async *stream(fails: boolean): AsyncGenerator<string> {
      yield 'new';
      this.pass(13);
      if (fails) throw new Error('clouds');
      yield 'full';
    }

    @Timed({ name: 'query_seconds' })
    @Counted({ name: 'query_total' })
    query(fails: boolean): PromiseLike<string> {
      const settle = (): Promise<string> => {
        this.pass(17);
        return fails ? Promise.reject(new Error('clouds')) : Promise.resolve('moon');
      };
      // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
      return { then: (onFulfilled, onRejected) => settle().then(onFulfilled, onRejected) };
    }
  }

  async function phasesOf(stream: AsyncIterable<string>): Promise<string[]> {
    const phases: string[] = [];
    for await (const phase of stream) phases.push(phase);
    return phases;
  }

  async function drain(moon: Moon, method: keyof Moon, fails: boolean): Promise<unknown> {
    switch (method) {
      case 'generator':
        return [...moon.generator(fails)];
      case 'stream':
        return await phasesOf(moon.stream(fails));
      default:
        return await (moon[method] as (fails: boolean) => unknown)(fails);
    }
  }

  test.each([
    ['sync', 0.005, 'moon'],
    ['async', 0.007, 'moon'],
    ['generator', 0.011, ['new', 'full']],
    ['stream', 0.013, ['new', 'full']],
    ['query', 0.017, 'moon'],
  ] as const)('%s: timed to its end, counted by its outcome, its result untouched', async (name, seconds, result) => {
    const { registry, pass, lines } = withClock();
    const moon = instrument(new Moon(pass), { registry });
    const method = name as keyof Moon;
    expect(await drain(moon, method, false)).toEqual(result);
    expect(await drain(moon, method, false)).toEqual(result);
    await expect(drain(moon, method, true)).rejects.toThrow('clouds');
    expect(await lines(`${name}_seconds`)).toEqual([
      expect.stringMatching(new RegExp(`^${name}_seconds_sum ${String(Math.round(seconds * 3000) / 1000).replace('.', '\\.')}\\d*$`)),
      `${name}_seconds_count 3`,
    ]);
    expect(await lines(`${name}_total`)).toEqual([`${name}_total{status="success"} 2`, `${name}_total{status="failure"} 1`]);
  });
});

describe('@Gauged', () => {
  test('tells how many calls are under way, and none once they have ended', async () => {
    const gates: { resolve(): void; reject(reason: unknown): void }[] = [];
    class Queue {
      @Gauged({ name: 'jobs_running', help: 'Jobs.', labels: { queue: 'mail' } })
      work(): Promise<void> {
        return new Promise((resolve, reject) => gates.push({ resolve, reject }));
      }
      @Gauged({ name: 'jobs_running', labels: { queue: 'now' } })
      now(): void {
        throw new Error('now');
      }
      @Gauged({ name: 'steps_running' })
      *steps(): Generator<number> {
        yield 1;
        yield 2;
      }
    }
    const { registry, lines } = withClock();
    const queue = instrument(new Queue(), { registry });
    const running = () => lines('jobs_running', 'steps_running');
    expect(await running()).toEqual(['jobs_running{queue="mail"} 0', 'jobs_running{queue="now"} 0', 'steps_running 0']);
    const [first, second] = [queue.work(), queue.work()];
    expect(() => queue.now()).toThrow('now');
    const steps = queue.steps();
    steps.next();
    expect(await running()).toEqual(['jobs_running{queue="mail"} 2', 'jobs_running{queue="now"} 0', 'steps_running 1']);
    gates[0]?.resolve();
    gates[1]?.reject(new Error('no'));
    await first;
    await expect(second).rejects.toThrow('no');
    steps.return(undefined);
    expect(await running()).toEqual(['jobs_running{queue="mail"} 0', 'jobs_running{queue="now"} 0', 'steps_running 0']);
  });
});

describe('labels, buckets and help', () => {
  test('are the ones that are told', async () => {
    class Shop {
      @Timed({ name: 'sale_seconds', help: 'Time of a sale.', labels: { till: 1, open: true }, buckets: [0.1, 1] })
      sell() {}
    }
    const { registry } = withClock();
    instrument(new Shop(), { registry }).sell();
    expect(await registry.expose({ names: ['sale_seconds'] })).toBe(
      [
        '# HELP sale_seconds Time of a sale.',
        '# TYPE sale_seconds histogram',
        'sale_seconds_bucket{till="1",open="true",le="0.1"} 1',
        'sale_seconds_bucket{till="1",open="true",le="1"} 1',
        'sale_seconds_bucket{till="1",open="true",le="+Inf"} 1',
        'sale_seconds_sum{till="1",open="true"} 0',
        'sale_seconds_count{till="1",open="true"} 1',
        '',
      ].join('\n'),
    );
  });

  test('one name may be shared by methods, classes and what is recorded by hand', async () => {
    class Shop {
      @Counted({ name: 'writes_total', labels: { table: 'orders' } })
      order() {}
      @Counted({ name: 'writes_total', labels: { table: 'users' } })
      user() {}
    }
    class Archive {
      @Counted({ name: 'writes_total', labels: { table: 'orders' } })
      order() {}
    }
    const { registry, lines } = withClock();
    const [shop, archive] = [instrument(new Shop(), { registry }), instrument(new Archive(), { registry })];
    shop.order();
    shop.user();
    archive.order();
    registry.recordMetric('writes_total', 5, { table: 'users', status: 'success' });
    expect((await lines('writes_total')).filter((line) => !line.endsWith(' 0'))).toEqual([
      'writes_total{table="orders",status="success"} 2',
      'writes_total{table="users",status="success"} 6',
    ]);
  });
});
