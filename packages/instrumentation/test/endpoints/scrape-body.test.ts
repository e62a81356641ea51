/** Every client gets its whole scrape, whatever others do meanwhile: chunks are sent from memory that is used again. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

const SERIES = 12_000;

/** Serves 4 MB of text, more than sockets take at once, in which every series of one scrape has the same value. */
async function served(prepare: (app: FastifyInstance) => unknown = () => {}, more: object = {}) {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: SERIES });
  const gauge = registry.gauge({ name: 'turn', help: 'Which scrape it is.', labelNames: ['id'] });
  const series = Array.from({ length: SERIES }, (_, id) => gauge.labels({ id: `${id}`.padStart(300, '0') }));
  const app = fastify() as FastifyInstance;
  onTestFinished(() => app.close());
  await prepare(app);
  await app.register(httpInstrumentation, { registry, processMetrics: false, maxScrapesInFlight: 1000, ...more });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  let turn = 1000;
  /** Begins a scrape with a value of its own. */
  const next = () => {
    turn += 1;
    for (const each of series) each.set(turn);
  };
  return { app, url: `${origin}/metrics/prometheus?name[]=turn`, next };
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
  return response;
}

async function read(response: IncomingMessage, wait: () => Promise<unknown> = async () => {}): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    await wait();
  }
  const body = Buffer.concat(chunks);
  return (response.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

/** All series, each once, in order. Values are of one scrape or, as it is written in slices, of the change in between. */
function expectWhole(text: string): void {
  const ids = [...text.matchAll(/^turn\{id="(\d+)"\} 1\d{3}$/gm)].map(([, id]) => Number(id));
  expect(ids.length).toBe(SERIES);
  expect(ids.every((id, index) => id === index)).toBe(true);
  expect(text.split('\n').length).toBe(SERIES + 3);
}

test('fast, slow and leaving clients, plain and compressed, at the same time', async () => {
  const { url, next } = await served();
  next();
  const blocked = await ask(url);
  const clients = Array.from({ length: 10 }, async (_, index) => {
    if (index % 4 === 0) next();
    const headers = index % 3 === 0 ? { 'accept-encoding': 'gzip' } : {};
    const response = await ask(url, headers);
    if (index % 5 === 1) {
      await once(response, 'data');
      response.destroy();
      return;
    }
    expectWhole(await read(response, index % 8 === 0 ? () => setTimeout(1) : undefined));
  });
  await Promise.all(clients);
  next();
  expectWhole(await read(await ask(url)));
  // What the socket could not take has waited in memory meanwhile.
  expectWhole(await read(blocked));
});

test.each([
  ['sizes of bodies are counted', () => {}, { sizes: true }],
  [
    'a hook puts a stream in between',
    async (app: FastifyInstance) => {
      const { PassThrough, Readable } = await import('node:stream');
      app.addHook('onSend', async (_request, _reply, payload) =>
        payload instanceof Readable ? payload.pipe(new PassThrough({ highWaterMark: 8e6 })) : payload,
      );
    },
    {},
  ],
  [
    'a hook wraps write',
    (app: FastifyInstance) =>
      app.addHook('onRequest', async (_request, { raw }) => {
        // Keeps what it gets, and says at once that it was sent, as a wrapper that compresses may.
        const kept: Uint8Array[] = [];
        const { write, end } = raw;
        raw.write = ((chunk: Uint8Array, done?: () => void) => {
          kept.push(chunk);
          if (done !== undefined) process.nextTick(done);
          return true;
        }) as never;
        raw.end = ((...given: never[]) => {
          for (const chunk of kept) Reflect.apply(write, raw, [chunk]);
          return Reflect.apply(end, raw, given);
        }) as never;
      }),
    {},
  ],
] as const)('where %s', async (_what, prepare, more) => {
  const { url, next } = await served(prepare as (app: FastifyInstance) => unknown, more);
  const texts = await Promise.all(
    Array.from({ length: 3 }, async (_, index) => {
      if (index % 2 === 0) next();
      return await read(await ask(url));
    }),
  );
  for (const text of texts) expectWhole(text);
});

test('HEAD gets no body, and an injected request a whole one', async () => {
  const { app, next } = await served();
  next();
  const path = '/metrics/prometheus?name[]=turn';
  expect((await app.inject({ method: 'HEAD', url: path })).body).toBe('');
  for (const { body } of await Promise.all([app.inject(path), app.inject(path)])) expectWhole(body);
});
