/** time() and track(): measured from call to end, and the caller can't tell. */
import { describe, expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, untyped } from '../support/open-registry.js';

function timers() {
  const opened = openRegistry();
  const { registry } = opened;
  const labelNames = ['queue'] as const;
  return {
    ...opened,
    plain: {
      histogram: registry.histogram({ name: 'h', help: 'H.', buckets: [1] }),
      summary: registry.summary({ name: 's', help: 'S.' }),
      gauge: registry.gauge({ name: 'g', help: 'G.' }),
    },
    labelled: {
      histogram: registry.histogram({ name: 'lh', help: 'H.', buckets: [1], labelNames }),
      summary: registry.summary({ name: 'ls', help: 'S.', labelNames }),
      gauge: registry.gauge({ name: 'lg', help: 'G.', labelNames }),
    },
    /** What was measured last: the sum of histogram and summary, the gauge's value. */
    measured: async () => ({
      histogram: (await linesOf(registry, 'h')).slice(-2),
      summary: (await linesOf(registry, 's')).slice(-2),
      gauge: await linesOf(registry, 'g'),
    }),
  };
}

const expectedOf = (kind: 'histogram' | 'summary' | 'gauge', seconds: number) =>
  kind === 'gauge' ? [`g ${seconds}`] : [`${kind[0]}_sum ${seconds}`, `${kind[0]}_count 1`];

describe.each(['histogram', 'summary', 'gauge'] as const)('%s.time', (kind) => {
  test('of sync work: the result passes through, the seconds are recorded', async () => {
    const { plain, advance, measured } = timers();
    const result = {};
    const given = plain[kind].time(() => {
      advance(250_000_000n);
      return result;
    });
    expect(given).toBe(result);
    expect((await measured())[kind]).toEqual(expectedOf(kind, 0.25));
  });

  test('of work that throws: the same error, and the seconds', async () => {
    const { plain, advance, measured } = timers();
    const error = new Error('mine');
    const call = () =>
      plain[kind].time((): never => {
        advance(500_000_000n);
        throw error;
      });
    let caught: unknown;
    try {
      call();
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
    expect((await measured())[kind]).toEqual(expectedOf(kind, 0.5));
  });

  test.each([
    ['fulfils', true],
    ['rejects', false],
  ])('of async work that %s: until it settles', async (_, fulfils) => {
    const { plain, advance, measured } = timers();
    let settle: () => void = () => undefined;
    const value = {};
    const given = plain[kind].time(
      () =>
        new Promise((resolve, reject) => {
          settle = () => (fulfils ? resolve(value) : reject(value));
        }),
    );
    advance(1_000_000_000n);
    settle();
    expect(given).toBeInstanceOf(Promise);
    expect(await given.then((result) => [true, result]).catch((reason: unknown) => [false, reason])).toEqual([fulfils, value]);
    expect((await measured())[kind]).toEqual(expectedOf(kind, 1));
  });

  test('with labels, and of a series', async () => {
    const { registry, labelled, advance } = timers();
    const labels = { queue: 'mail' };
    const work = () => {
      labels.queue = 'changed';
      advance(250_000_000n);
      return 5;
    };
    expect(labelled[kind].time(labels, work)).toBe(5);
    expect(labelled[kind].labels('post').time(work)).toBe(5);
    const lines = (await linesOf(registry, `l${kind[0]}`)).filter((line) => kind === 'gauge' || line.includes('_sum'));
    const name = kind === 'gauge' ? 'lg' : `l${kind[0]}_sum`;
    expect(lines).toEqual(
      kind === 'gauge'
        ? [`${name}{queue="mail"} 0.25`, `${name}{queue="post"} 0.25`]
        : [`${name}{queue="post"} 0.25`, `${name}{queue="mail"} 0.25`].sort((a, b) => lines.indexOf(a) - lines.indexOf(b)),
    );
  });

  test('with labels that are refused the work is done all the same', async () => {
    const { registry, labelled } = timers();
    expect(labelled[kind].time(untyped({ room: 'x' }), () => 'done')).toBe('done');
    expect(await invalidLines(registry)).toEqual([`metrics_invalid_values_total{metric="l${kind[0]}"} 1`]);
  });
});

test('a rejection that nobody handles stays unhandled', async () => {
  const { plain } = timers();
  const reason = new Error('nobody listens');
  const others = process.listeners('unhandledRejection');
  for (const listener of others) process.off('unhandledRejection', listener);
  const heard = new Promise((resolve) => process.once('unhandledRejection', resolve));
  try {
    void plain.histogram.time(() => Promise.reject(reason));
    expect(await heard).toBe(reason);
  } finally {
    for (const listener of others) process.on('unhandledRejection', listener);
  }
});

test('other thenables are handed on untouched: a lazy query does not run', async () => {
  const { plain, measured } = timers();
  let ran = 0;
  // biome-ignore lint/suspicious/noThenProperty: what query builders do.
  const query = { then: () => (ran += 1) };
  class Later extends Promise<number> {}
  const later = Later.resolve(5);
  expect(plain.histogram.time(() => query)).toBe(query);
  expect(plain.histogram.time(() => later)).toBe(later);
  expect(ran).toBe(0);
  expect((await measured()).histogram).toEqual(['h_sum 0', 'h_count 2']);
});

describe('gauge.track', () => {
  test('is one more while work runs', () => {
    const { plain } = timers();
    const { gauge } = plain;
    expect(gauge.track(() => gauge.track(() => gauge.labels().value))).toBe(2);
    expect(gauge.labels().value).toBe(0);
    expect(() =>
      gauge.track(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(gauge.labels().value).toBe(0);
  });

  test('until async work settles', async () => {
    const { plain, labelled } = timers();
    let finish: (value: string) => void = () => undefined;
    const work = () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      });
    const one = labelled.gauge.track({ queue: 'mail' }, work);
    const finishOne = finish;
    const two = labelled.gauge.labels('mail').track(work);
    expect(labelled.gauge.labels('mail').value).toBe(2);
    finishOne('one');
    expect(await one).toBe('one');
    expect(labelled.gauge.labels('mail').value).toBe(1);
    finish('two');
    expect(await two).toBe('two');
    expect(labelled.gauge.labels('mail').value).toBe(0);
    await expect(plain.gauge.track(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(plain.gauge.labels().value).toBe(0);
  });

  test('with labels that are refused the work is done all the same', () => {
    const { labelled } = timers();
    expect(labelled.gauge.track(untyped({ room: 'x' }), () => 'done')).toBe('done');
    expect(labelled.gauge.series).toEqual([]);
  });
});
