/** The push loop: when it pushes, what it keeps, and what it tells of it. */
import {
  BatchRejected,
  type Exporter,
  type PushAttempt,
  PushLoop,
  type PushLoopOptions,
  RetryLater,
  startExporter,
} from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';
import { StepTimers } from '../support/step-timers.js';

type Send = (batch: number, attempt: PushAttempt) => Promise<void>;

/** A loop whose time the test moves, and whose pushes end as the test says. */
function loopOf(options: Partial<PushLoopOptions> & { readonly secrets?: readonly string[] } = {}) {
  const { registry, errors } = openRegistry();
  const timers = new StepTimers();
  const lines: string[] = [];
  const sent: { readonly batch: number; readonly sequence: number; readonly isRepeated: boolean; readonly atMs: number }[] = [];
  let batches = 0;
  let isClosed = 0;
  const subject = {
    registry,
    errors,
    timers,
    lines,
    sent,
    send: (async () => undefined) as Send,
    closed: () => isClosed,
    up: async () => await linesOf(registry, 'exporter_up'),
    pushes: async () => await linesOf(registry, 'exporter_pushes_total'),
  };
  const exporter: Exporter<number> = {
    name: 'test',
    target: 'there',
    secrets: options.secrets,
    read: () => ++batches,
    async send(batch, attempt) {
      const { sequence, isRepeated } = attempt;
      sent.push({ batch, sequence, isRepeated, atMs: timers.now() });
      await subject.send(batch, attempt);
    },
    close() {
      isClosed += 1;
    },
  };
  const logger = {
    info: (_: object, text: string) => void lines.push(`info ${text}`),
    warn: (_: object, text: string) => void lines.push(`warn ${text}`),
  };
  const loop = new PushLoop(exporter, { registry, timers, logger, ...options });
  const set = (send: Send): void => {
    subject.send = send;
  };
  return { ...subject, loop, set };
}

const failing: Send = async () => {
  throw new Error('nobody there');
};

test('pushes at once, and then at each interval, with timers that let the process end', async () => {
  const { loop, timers, sent, up, pushes } = loopOf({ intervalMs: 1_000 });
  loop.start().start();
  await timers.advance(2_500);
  expect(sent).toEqual([
    { batch: 1, sequence: 1, isRepeated: false, atMs: 0 },
    { batch: 2, sequence: 2, isRepeated: false, atMs: 1_000 },
    { batch: 3, sequence: 3, isRepeated: false, atMs: 2_000 },
  ]);
  expect(timers.pending).toEqual([[500, false]]);
  expect(await up()).toEqual(['exporter_up{exporter="test"} 1']);
  expect(await pushes()).toEqual(['exporter_pushes_total{exporter="test",outcome="success"} 3']);
});

test('intervals and pauses vary by the jitter', async () => {
  const { loop, timers, sent } = loopOf({ intervalMs: 1_000, jitter: 0.2 });
  const randoms = [0, 1, 0.5];
  timers.random = () => randoms.shift() ?? 0.5;
  loop.start();
  await timers.advance(4_000);
  expect(sent.map(({ atMs }) => atMs)).toEqual([0, 0 + 800, 800 + 1_200, 2_000 + 1_000, 3_000 + 1_000]);
});

test('while the other side is away, the same batch is sent again, with pauses that double up to a limit, and one line', async () => {
  const { loop, timers, sent, set, lines, up, pushes } = loopOf({ intervalMs: 1_000, retryDelayMs: 100, maxRetryDelayMs: 500 });
  set(failing);
  loop.start();
  await timers.advance(1_700);
  expect(sent.map(({ atMs }) => atMs)).toEqual([0, 100, 300, 700, 1_200, 1_700]);
  expect(new Set(sent.map(({ batch, sequence }) => `${batch} ${sequence}`))).toEqual(new Set(['1 1']));
  expect(sent.map(({ isRepeated }) => isRepeated)).toEqual([false, true, true, true, true, true]);
  const down =
    'warn The exporter test does not reach there: Error: nobody there. What is recorded is kept and sent when a push succeeds; start the other side, or correct its address and credentials.';
  expect(lines).toEqual([down]);
  expect(await up()).toEqual(['exporter_up{exporter="test"} 0']);
  expect(loop.error?.code).toBe('TSK_ERR_PUSH_DOWN');
  set(async () => undefined);
  await timers.advance(500);
  expect(lines).toEqual([down, 'info The exporter test reaches there again, after 2 s and 6 failed pushes.']);
  expect(sent.at(-1)).toEqual({ batch: 1, sequence: 1, isRepeated: true, atMs: 2_200 });
  expect(loop.error).toBeUndefined();
  expect(await pushes()).toEqual([
    'exporter_pushes_total{exporter="test",outcome="failure"} 6',
    'exporter_pushes_total{exporter="test",outcome="success"} 1',
  ]);
});

describe('a push that takes too long', () => {
  test('is aborted, and sent again', async () => {
    const { loop, timers, sent, set, lines, pushes } = loopOf({ timeoutMs: 200, retryDelayMs: 100 });
    set((_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
    loop.start();
    await timers.advance(300);
    expect(sent.map(({ atMs, batch }) => [atMs, batch])).toEqual([
      [0, 1],
      [300, 1],
    ]);
    expect(lines).toEqual([expect.stringContaining('TimeoutError: The operation was aborted due to timeout.')]);
    expect(await pushes()).toEqual(['exporter_pushes_total{exporter="test",outcome="timeout"} 1']);
  });

  test('and ignores its signal, is not followed by another before it has settled; its success still counts', async () => {
    const { loop, timers, sent, set, up } = loopOf({ timeoutMs: 200, retryDelayMs: 100, intervalMs: 1_000 });
    let confirm = (): void => undefined;
    set(() => new Promise<void>((resolve) => (confirm = resolve)));
    loop.start();
    await timers.advance(5_000);
    expect(sent.length).toBe(1);
    expect(await up()).toEqual(['exporter_up{exporter="test"} 0']);
    set(async () => undefined);
    confirm();
    await timers.advance(0);
    expect(await up()).toEqual(['exporter_up{exporter="test"} 1']);
    expect(sent.map(({ batch, isRepeated }) => [batch, isRepeated])).toEqual([
      [1, false],
      [2, false],
    ]);
  });
});

test('a batch that is rejected for good is dropped, and said', async () => {
  const { loop, timers, sent, set, lines, pushes } = loopOf({ retryDelayMs: 100 });
  set(async (batch) => {
    if (batch === 1) throw new BatchRejected('field 7 is too long');
  });
  loop.start();
  await timers.advance(100);
  expect(sent.map(({ batch, sequence }) => [batch, sequence])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(lines[0]).toBe(
    'warn The exporter test dropped a batch that there does not accept: BatchRejected: field 7 is too long. Its values are missing there; correct what the reason names.',
  );
  expect(await pushes()).toEqual([
    'exporter_pushes_total{exporter="test",outcome="rejected"} 1',
    'exporter_pushes_total{exporter="test",outcome="success"} 1',
  ]);
});

describe('an other side that says when to try again', () => {
  const later = (afterMs: number) => async () => {
    throw new RetryLater('come back later', afterMs);
  };

  test('is not asked before, and gets the same batch', async () => {
    const { loop, timers, sent, set } = loopOf({ retryDelayMs: 100 });
    set(later(7_000));
    loop.start();
    await timers.advance(6_999);
    expect(sent.length).toBe(1);
    set(async () => undefined);
    await timers.advance(1);
    expect(sent.map(({ batch, isRepeated }) => [batch, isRepeated])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  test('does not shorten the pause after failures', async () => {
    const { loop, timers, sent, set } = loopOf({ retryDelayMs: 1_000 });
    set(later(10));
    loop.start();
    await timers.advance(999);
    expect(sent.length).toBe(1);
    await timers.advance(1);
    expect(sent.length).toBe(2);
  });

  test('is asked after an hour at the latest', async () => {
    const { loop, timers, sent, set } = loopOf();
    set(later(Number.POSITIVE_INFINITY));
    loop.start();
    await timers.advance(3_599_999);
    expect(sent.length).toBe(1);
    await timers.advance(1);
    expect(sent.length).toBe(2);
  });

  test('gets the last values when the loop stops', async () => {
    const { loop, timers, sent, set } = loopOf();
    set(later(60_000));
    loop.start();
    await timers.advance(0);
    set(async () => undefined);
    const stopped = loop.stop();
    await timers.advance(0);
    expect(await stopped).toBe(true);
    expect(sent.map(({ batch }) => batch)).toEqual([1, 1, 2]);
  });
});

describe('flush', () => {
  test('waits for the push in flight, and sends what came after it', async () => {
    const { loop, timers, sent, set } = loopOf();
    let confirm = (): void => undefined;
    set(() => new Promise<void>((resolve) => (confirm = resolve)));
    loop.start();
    await timers.advance(0);
    const flushed = loop.flush();
    await timers.advance(10);
    expect(sent.length).toBe(1);
    set(async () => undefined);
    confirm();
    await timers.advance(0);
    expect(await flushed).toBe(true);
    expect(sent.map(({ batch }) => batch)).toEqual([1, 2]);
  });

  test('ends at its limit, without being sent later', async () => {
    const { loop, timers, sent, set } = loopOf({ timeoutMs: 500 });
    let confirm = (): void => undefined;
    set(() => new Promise<void>((resolve) => (confirm = resolve)));
    const flushed = loop.flush({ timeoutMs: 100 });
    await timers.advance(100);
    expect(await flushed).toBe(false);
    confirm();
    await timers.advance(1_000);
    expect(sent.map(({ batch }) => batch)).toEqual([1]);
  });

  test('never rejects', async () => {
    const { loop, set } = loopOf();
    set(failing);
    expect(await loop.flush()).toBe(false);
  });
});

describe('stop', () => {
  test('sends the last values, closes the exporter, and keeps the process alive until then', async () => {
    const { loop, timers, sent, set, closed, lines } = loopOf({ intervalMs: 1_000, flushTimeoutMs: 700 });
    loop.start();
    await timers.advance(10);
    let confirm = (): void => undefined;
    set(() => new Promise<void>((resolve) => (confirm = resolve)));
    const stopped = loop.stop();
    await timers.advance(0);
    expect(timers.pending.every(([, keepsAlive]) => keepsAlive)).toBe(true);
    confirm();
    await timers.advance(0);
    expect(await stopped).toBe(true);
    expect(await loop.stop()).toBe(true);
    expect(await loop.flush()).toBe(true);
    await timers.advance(10_000);
    expect(sent.map(({ batch }) => batch)).toEqual([1, 2]);
    expect([closed(), lines, timers.pending]).toEqual([1, [], []]);
  });

  test('says what was not confirmed within the limit', async () => {
    const { loop, timers, set, closed, lines } = loopOf({ flushTimeoutMs: 700 });
    set(() => new Promise(() => undefined));
    loop.start();
    await timers.advance(0);
    const stopped = loop.stop();
    await timers.advance(700);
    expect(await stopped).toBe(false);
    expect(closed()).toBe(1);
    expect(lines).toEqual([
      "warn The exporter test stopped before there confirmed its last values, within 700 ms. They may be missing there. If the other side was only slow, raise the exporter's flush timeout.",
    ]);
    expect(timers.pending).toEqual([]);
  });
});

describe('credentials', () => {
  test('are not in the line, the error, its cause or its stack', async () => {
    const { loop, timers, set, lines } = loopOf({ secrets: ['p&ssword-1'] });
    set(async () => {
      throw Object.assign(
        new Error(`refused p&ssword-1 p%26ssword-1 ${Buffer.from('ann:p&ssword-1').toString('base64')} redis://ann:hidden@host`),
        {
          config: { password: 'p&ssword-1' },
          code: 'E_p&ssword-1',
        },
      );
    });
    loop.start();
    await timers.advance(0);
    const shown = `${lines.join()} ${loop.error?.message} ${loop.error?.stack} ${JSON.stringify(loop.error?.cause)} ${(loop.error?.cause as Error | undefined)?.stack}`;
    expect(shown).not.toMatch(/p&ssword|p%26ssword|cCZzc3|JnNzd29y|hidden/);
    expect(shown).toContain('refused *** *** ');
  });

  test('without a logger, the line goes to the registry', async () => {
    const { loop, timers, set, errors } = loopOf({ logger: undefined });
    set(failing);
    loop.start();
    await timers.advance(5_000);
    expect(errors.map(({ code }) => code)).toEqual(['TSK_ERR_PUSH_DOWN']);
  });
});

test.each<[object, object, string]>([
  [
    { name: 'Redis' },
    {},
    'name of the exporter is a text of 5 characters; a name of lower-case letters, digits, _ and -, such as "redis", is expected.',
  ],
  [{ send: undefined }, {}, 'exporter is an object; an object with the methods read and send is expected.'],
  [{}, { registry: {} }, 'registry is an object; a MetricsRegistry is expected.'],
  [{}, { intervalMs: 0 }, 'intervalMs is 0; a whole number of milliseconds from 1 to 1073741823 is expected.'],
  [{}, { timeoutMs: 1.5 }, 'timeoutMs is 1.5;'],
  [{}, { jitter: 2 }, 'jitter is 2; a number from 0 to 1 is expected.'],
])('%j and %j are refused', (exporter, options, message) => {
  const { registry } = openRegistry();
  const valid = { name: 'test', target: 'there', read: () => 1, send: async () => undefined };
  const error = thrownBy(() => startExporter(untyped<Exporter>({ ...valid, ...exporter }), { registry, ...options }));
  expect([error.code, error.message.slice(0, message.length)]).toEqual(['TSK_ERR_PUSH_OPTION', message]);
});
