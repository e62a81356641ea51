/** Scrapes that begin together are one; each has everything that was recorded before it began. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.js';
import { openRegistry } from '../support/open-registry.js';
import { textOf } from '../support/text-of.js';

function watched() {
  const opened = openRegistry();
  let reads = 0;
  const gauge = opened.registry.gauge({
    name: 'reads',
    help: 'How often it was read.',
    collect() {
      reads += 1;
      this.set(reads);
    },
  });
  return { ...opened, gauge, reads: () => reads };
}

/** A metric whose collect function waits until it is let go. */
function held(registry: ReturnType<typeof watched>['registry']) {
  const begun: (() => void)[] = [];
  registry.gauge({
    name: 'slow',
    help: 'Slow.',
    collect: () => new Promise<void>((resolve) => begun.push(resolve)),
  });
  return {
    begun,
    /** Resolves once a scrape waits for it. */
    async waiting(count = 1) {
      while (begun.length < count) await setImmediate();
    },
  };
}

test('scrapes of one turn of the event loop are made once', async () => {
  const { registry, reads } = watched();
  const texts = await Promise.all([registry.expose(), registry.metrics(), registry.expose({ format: 'prometheus' })]);
  expect(new Set(texts).size).toBe(1);
  expect(reads()).toBe(1);
});

test('so are requests that come in one turn', async () => {
  const { registry, reads } = watched();
  const texts: string[] = [];
  await Promise.all(
    [1, 2].map(async () => {
      await setImmediate();
      texts.push(await registry.expose());
    }),
  );
  expect(new Set(texts).size).toBe(1);
  expect(reads()).toBe(1);
});

test('a scrape joins one that is still collecting, and has what was recorded before it began', async () => {
  const { registry, reads } = watched();
  const counter = registry.counter({ name: 'c_total', help: 'C.' });
  const guest = new promClient.Counter({ name: 'guest_total', help: 'G.', registers: [registry] });
  const { begun, waiting } = held(registry);
  const first = registry.expose();
  await waiting();
  counter.inc(5);
  guest.inc(7);
  const second = registry.expose();
  await setImmediate();
  for (const go of begun) go();
  const [one, two] = await Promise.all([first, second]);
  expect(reads()).toBe(1);
  expect(two).toContain('c_total 5\n');
  expect(two).toContain('guest_total 7\n');
  expect(two).toBe(one);
});

test('one that begins when another has given its first chunk is a new one', async () => {
  const { registry, reads } = watched();
  const counter = registry.counter({ name: 'c_total', help: 'C.' });
  const stream = registry.exposeStream();
  await stream.next();
  counter.inc(5);
  expect(await registry.expose()).toContain('c_total 5\n');
  for await (const _ of stream);
  expect(reads()).toBe(2);
});

test('one after another are two', async () => {
  const { registry, reads } = watched();
  await registry.expose();
  await registry.expose();
  expect(reads()).toBe(2);
});

test('other formats and names are other scrapes; the order of names does not matter', async () => {
  const { registry, reads } = watched();
  registry.counter({ name: 'c_total', help: 'C.' });
  const [both, turned, only, openMetrics] = await Promise.all([
    registry.expose({ names: ['reads', 'c_total'] }),
    registry.expose({ names: ['c_total', 'reads', 'reads'] }),
    registry.expose({ names: ['reads'] }),
    registry.expose({ format: 'openmetrics', names: ['reads'] }),
  ]);
  expect(turned).toBe(both);
  expect(reads()).toBe(3);
  expect(only).not.toContain('c_total');
  expect(openMetrics.endsWith('# EOF\n')).toBe(true);
});

describe('what changes in between', () => {
  const changes: [string, (registry: ReturnType<typeof watched>['registry']) => void, (text: string) => boolean][] = [
    ['a metric comes', (registry) => registry.gauge({ name: 'late', help: 'L.' }), (text) => text.includes('late 0')],
    ['a metric goes', (registry) => registry.removeSingleMetric('c_total'), (text) => !text.includes('c_total')],
    ['default labels', (registry) => registry.setDefaultLabels({ app: 'x' }), (text) => text.includes('c_total{app="x"} 0')],
    ['everything goes', (registry) => registry.clear(), (text) => !text.includes('c_total')],
  ];
  test.each(changes)('%s: who begins later has it', async (_, change, isThere) => {
    const { registry } = watched();
    registry.counter({ name: 'c_total', help: 'C.' });
    const { begun, waiting } = held(registry);
    const first = registry.expose();
    await waiting();
    change(registry);
    const second = registry.expose();
    let done = false;
    const both = Promise.all([first, second]).finally(() => {
      done = true;
    });
    while (!done) {
      for (const go of begun) go();
      await setImmediate();
    }
    expect(isThere((await both)[1])).toBe(true);
  });
});

describe('readers of one scrape', () => {
  function large() {
    const opened = openRegistry({ maxSeriesPerMetric: 5000 });
    const counter = opened.registry.counter({ name: 'c_total', help: 'C.', labelNames: ['id'] });
    for (let id = 0; id < 2000; id += 1) counter.inc({ id }, id);
    return { ...opened, counter };
  }

  test('one that stops early does not stop the other', async () => {
    const { registry } = large();
    const [stopped, whole] = [registry.exposeStream(), registry.exposeStream()];
    const [first, same] = await Promise.all([stopped.next(), whole.next()]);
    expect(same.value).toBe(first.value);
    await stopped.return();
    let text = textOf(same.value);
    for await (const chunk of whole) text += textOf(chunk);
    expect(text).toBe(await registry.expose());
  });

  test('one that stops before the first chunk does not either', async () => {
    const { registry, reads } = watched();
    const [stopped, whole] = [registry.exposeStream(), registry.exposeStream()];
    const [, text] = await Promise.all([stopped.next().then(() => stopped.return()), whole.next()]);
    expect(textOf(text.value)).toContain('metrics_series_dropped_total');
    expect(reads()).toBe(1);
  });

  test('a slow one and a fast one read the same', async () => {
    const { registry, counter } = large();
    const [slow, fast] = [registry.exposeStream(), registry.exposeStream()];
    let slowText = textOf((await Promise.all([slow.next(), fast.next()]))[0].value);
    let fastText = slowText;
    for await (const chunk of fast) fastText += textOf(chunk);
    counter.inc({ id: 1999 });
    for await (const chunk of slow) slowText += textOf(chunk);
    expect(slowText).toBe(fastText);
    expect(await registry.expose()).not.toBe(slowText);
  });

  test('a stream that is never read costs nothing and does not block other scrapes', async () => {
    const { registry, reads } = watched();
    registry.exposeStream();
    await registry.expose();
    expect(reads()).toBe(1);
  });
});

const heldBytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test.each(['exposeStream', 'exposeGzipStream'] as const)('%s holds no text that all its readers have read', async (method) => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 10_000 });
  const counter = registry.counter({ name: 'c_total', help: 'x'.repeat(200), labelNames: ['id'] });
  for (let id = 0; id < 5000; id += 1) counter.inc({ id: `${id}`.padEnd(900, 'y') });
  await registry.expose();
  collectGarbage();
  const before = heldBytes();
  let held = 0;
  for await (const _ of registry[method]()) {
    collectGarbage();
    held = Math.max(held, heldBytes() - before);
  }
  // The whole text has 4.6 MB.
  expect(held).toBeLessThan(1_500_000);
});

describe('compressed', () => {
  const whole = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => buffer(Readable.from(chunks));

  function large() {
    const opened = openRegistry({ maxSeriesPerMetric: 5000 });
    const counter = opened.registry.counter({ name: 'c_total', help: 'C.', labelNames: ['id'] });
    for (let id = 0; id < 4000; id += 1) counter.inc({ id: `${id * 7919}` }, Math.sin(id) ** 2);
    return { ...opened, counter };
  }

  test.each(['prometheus', 'openmetrics'] as const)('a scrape is what the plain one of %s is', async (format) => {
    const { registry } = large();
    const [packed, plain] = await Promise.all([whole(registry.exposeGzipStream({ format })), registry.expose({ format })]);
    expect(gunzipSync(packed).toString()).toBe(plain);
    expect(packed.length).toBeLessThan(plain.length / 2);
  });

  test('scrapes that begin together are the very same bytes, in one scrape with the plain ones', async () => {
    const { registry, reads } = watched();
    const [one, two] = [registry.exposeGzipStream(), registry.exposeGzipStream()];
    const [first, same, plain] = await Promise.all([one.next(), two.next(), registry.expose()]);
    expect(same.value).toBe(first.value);
    expect(reads()).toBe(1);
    expect(plain).toContain('reads 1\n');
    await Promise.all([one.return(), two.return()]);
  });

  test('one that stops early and one that is slow hold up no other', async () => {
    const { registry } = large();
    const [stopped, slow, fast] = [registry.exposeGzipStream(), registry.exposeGzipStream(), registry.exposeGzipStream()];
    const [, firstOfSlow, firstOfFast] = await Promise.all([stopped.next(), slow.next(), fast.next()]);
    await stopped.return();
    const rest = async (first: IteratorResult<Uint8Array, void>, chunks: AsyncIterable<Uint8Array>) =>
      Buffer.concat([first.value as Uint8Array, await whole(chunks)]);
    const packed = await rest(firstOfFast, fast);
    expect(gunzipSync(packed).toString()).toBe(await registry.expose());
    expect((await rest(firstOfSlow, slow)).equals(packed)).toBe(true);
  });
});

describe('a reader that ends with an error', () => {
  const READS = {
    exposeStream: (registry) => registry.exposeStream(),
    exposeGzipStream: (registry) => registry.exposeGzipStream(),
    read: (registry) => registry.read(),
  } as const satisfies Record<string, (registry: ReturnType<typeof watched>['registry']) => AsyncGenerator<unknown, void>>;

  test.each(Object.entries(READS))('gets that very error: %s', async (_name, begin) => {
    const { registry } = watched();
    const lost = new Error('The connection is lost.');
    const reader = begin(registry);
    await reader.next();
    await expect(reader.throw(lost)).rejects.toBe(lost);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test.each(Object.entries(READS))('as a stream does whose connection is lost: %s', async (_name, begin) => {
    const { registry } = watched();
    const lost = new Error('The connection is lost.');
    const stream = Readable.from(begin(registry));
    stream.once('data', () => stream.destroy(lost));
    expect(await new Promise((resolve) => stream.once('error', resolve))).toBe(lost);
  });

  test('does not disturb others of the same scrape', async () => {
    const { registry } = watched();
    const reader = registry.exposeStream();
    const other = registry.exposeStream();
    await Promise.all([reader.next(), other.next()]);
    await reader.throw(new Error('The connection is lost.')).catch(() => {});
    const rest = await buffer(Readable.from(other));
    expect(rest.length).toBeGreaterThan(0);
  });
});
