/** A scrape in slices: requests are answered in between, and what changes meanwhile breaks nothing. */
import { describe, expect, test } from 'vitest';
import { millisecondWithEachReading } from '../support/counted-clock.js';
import { openRegistry } from '../support/open-registry.js';
import { parseStrictly } from '../support/strict-parser.js';
import { textOf } from '../support/text-of.js';

function manySeries(count: number) {
  const opened = openRegistry({ maxSeriesPerMetric: 20_000 });
  const histogram = opened.registry.histogram({ name: 'seconds', help: 'Seconds.', labelNames: ['path'] });
  for (let index = 0; index < count; index += 1) histogram.observe({ path: `/api/things/${index}` }, index / 1000);
  return { ...opened, histogram };
}

/** Counts the turns of the event loop until a promise settles. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0;
  let done = false;
  const turn = () => {
    turns += 1;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work.finally(() => {
    done = true;
  });
  return { turns, result };
}

test('10,000 histogram series leave the event loop its turns', async () => {
  const { registry } = manySeries(10_000);
  using _ = millisecondWithEachReading();
  const { turns, result } = await turnsDuring(registry.expose());
  // A slice lasts 4 ms, and the clock is read after every chunk, which has some 30 of the series.
  expect(turns).toBeGreaterThan(50);
  expect(result.split('\nseconds_')).toHaveLength(10_000 * 15 + 1);
});

test("as many of prom-client's do too", async () => {
  const { registry } = manySeries(0);
  const { Counter } = await import('prom-client');
  const theirs = new Counter({ name: 'theirs_total', help: 'Theirs.', labelNames: ['path'], registers: [registry] });
  for (let index = 0; index < 50_000; index += 1) theirs.inc({ path: `/api/things/${index}` });
  using _ = millisecondWithEachReading();
  const { turns, result } = await turnsDuring(registry.expose());
  expect(turns).toBeGreaterThan(5);
  expect(result.split('\n')).toHaveLength(50_000 + 9);
});

test('the stream has chunks of limited size, which make up the text', async () => {
  const { registry } = manySeries(1000);
  const chunks: Uint8Array[] = [];
  for await (const chunk of registry.exposeStream()) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThanOrEqual(1000 / 50);
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(40_000);
  expect(textOf(...chunks)).toBe(await registry.expose());
});

test('a reader that stops early ends the scrape', async () => {
  const { registry } = manySeries(1000);
  let read = 0;
  for await (const _ of registry.exposeStream()) {
    read += 1;
    if (read === 3) break;
  }
  expect(read).toBe(3);
  expect(parseStrictly(await registry.expose())).toHaveLength(3);
});

describe('during a scrape', () => {
  test('series come, go and count', async () => {
    const { registry, histogram } = manySeries(1000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of registry.exposeStream()) {
      chunks.push(chunk);
      const turn = chunks.length;
      histogram.remove(`/api/things/${turn}`);
      histogram.remove(`/api/things/${1000 - turn}`);
      histogram.observe({ path: `/new/${turn}` }, 1);
      histogram.observe({ path: '/api/things/500' }, 1);
    }
    const family = parseStrictly(textOf(...chunks)).find(({ name }) => name === 'seconds');
    const paths = new Set(family?.samples.map(({ labels }) => labels['path']));
    // The first two chunks are the self metrics; what was removed after them is still written.
    for (let index = 3; index < 998; index += 1) expect(paths).toContain(`/api/things/${index}`);
    expect(paths).not.toContain('/new/3');
    const after = parseStrictly(await registry.expose()).find(({ name }) => name === 'seconds');
    expect(after?.samples).toHaveLength(histogram.series.length * 15);
  });

  test('metrics come, go and are reset', async () => {
    const { registry, histogram } = manySeries(500);
    let first = true;
    let text = '';
    for await (const chunk of registry.exposeStream()) {
      text += textOf(chunk);
      if (!first) continue;
      first = false;
      registry.gauge({ name: 'late', help: 'Late.' });
      registry.removeSingleMetric('seconds');
      histogram.reset();
    }
    expect(parseStrictly(text).map(({ name }) => name)).not.toContain('late');
    expect(parseStrictly(await registry.expose()).map(({ name }) => name)).toEqual([
      'metrics_series_dropped_total',
      'metrics_invalid_values_total',
      'late',
    ]);
  });
});

test('scrapes at the same time return the same text', async () => {
  const { registry } = manySeries(500);
  const texts = await Promise.all(Array.from({ length: 5 }, () => registry.expose()));
  expect(new Set(texts).size).toBe(1);
  parseStrictly(texts[0] as string);
});
