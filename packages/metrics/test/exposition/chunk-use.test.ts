/** The memory of chunks is used again, and never while a reader still needs what is in it. */
import { MetricsRegistry, type ScrapeReader } from '@tsukimi/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const SERIES = 400;

/** 240 KB of text: several chunks. */
function large() {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: SERIES });
  const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['id'] });
  const series = Array.from({ length: SERIES }, (_, id) => counter.labels({ id: `${id}`.padStart(580, '0') }));
  const change = () => {
    for (const [index, each] of series.entries()) each.inc(index);
  };
  return { registry, change };
}

const { registry, change } = large();

interface Held {
  readonly chunk: Uint8Array;
  readonly was: Buffer;
}

/** A reader, with what it has got and not released. */
class Watched {
  readonly held: Held[] = [];
  text = '';
  isOver = false;
  constructor(readonly reader: AsyncIterator<Uint8Array, void> & Partial<Pick<ScrapeReader, 'release'>>) {}

  async read(): Promise<void> {
    const { done, value } = await this.reader.next();
    if (done) this.isOver = true;
    else {
      this.held.push({ chunk: value as Uint8Array, was: Buffer.from(value as Uint8Array) });
      this.text += Buffer.from(value as Uint8Array).toString();
    }
  }

  release(): void {
    this.reader.release?.();
    if (this.reader.release !== undefined) this.held.shift();
  }
}

const action = fc.record({ who: fc.nat(), what: fc.constantFrom('read', 'read', 'read', 'release', 'release', 'leave', 'begin') });

test.each(['prometheus', 'protobuf'] as const)('in any order of readings of %s', async (format) => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 40, maxLength: 60 }), fc.boolean(), async (actions, hasKeeper) => {
      const open: Watched[] = [];
      const left: Watched[] = [];
      const expectUntouched = () => {
        for (const { chunk, was } of [...open, ...left].flatMap(({ held }) => held)) expect(was.equals(chunk)).toBe(true);
      };
      const begin = async () => {
        change();
        const readers = [registry.scrapeReader({ format }), registry.scrapeReader({ format })].map((reader) => new Watched(reader));
        if (hasKeeper) readers.push(new Watched(registry.exposeStream({ format })));
        await Promise.all(readers.map((reader) => reader.read()));
        open.push(...readers);
      };
      await begin();
      for (const { who, what } of actions) {
        const watched = open[who % open.length] as Watched;
        if (what === 'begin' && open.length < 12) await begin();
        else if (what === 'read' && !watched.isOver) await watched.read();
        else if (what === 'release') watched.release();
        else if (what === 'leave' && open.length > 1) {
          await watched.reader.return?.();
          open.splice(open.indexOf(watched), 1);
          left.push(watched);
        }
        expectUntouched();
      }
      for (const watched of open)
        while (!watched.isOver) {
          await watched.read();
          expectUntouched();
        }
      if (format !== 'protobuf') for (const { text } of open) expect(text.match(/^c_total\{/gm)?.length).toBe(SERIES);
    }),
    { numRuns: 10 },
  );
});

test('a scrape whose readers release takes the memory of the one before it', async () => {
  const memory = async (reader: ScrapeReader): Promise<Set<ArrayBufferLike>> => {
    const seen = new Set<ArrayBufferLike>();
    for await (const { buffer, length } of reader) {
      if (length > 20_000) seen.add(buffer);
      reader.release();
    }
    return seen;
  };
  const first = await memory(registry.scrapeReader());
  // One that is written while the one before it is sent.
  expect(first.size).toBeLessThanOrEqual(2);
  change();
  expect([...(await memory(registry.scrapeReader()))].every((buffer) => first.has(buffer))).toBe(true);
});
