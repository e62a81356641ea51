/** Each request of fetch and of undici is counted once, whatever becomes of it. */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline as join } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { measureHttpClient } from '@tsukimi/instrumentation';
import {
  Agent,
  Client,
  interceptors,
  Pool,
  ProxyAgent,
  pipeline,
  RetryAgent,
  request,
  stream,
  fetch as undiciFetch,
  upgrade,
} from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withClock } from '../support/registry-with-clock.js';
import { counted } from './support/counted.js';
import { Upstream } from './support/upstream.js';

type Run = (origin: string, upstream: Upstream) => Promise<unknown>;
type Case = readonly [name: string, counts: Readonly<Record<string, number>>, run: Run];

const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Ends with an error that the caller gets. */
const failing =
  (run: Run): Run =>
  async (...given) => {
    await expect(run(...given)).rejects.toThrow();
  };

async function closing<T extends { close(): Promise<void> }>(dispatcher: T, run: (dispatcher: T) => Promise<unknown>): Promise<void> {
  await run(dispatcher);
  await dispatcher.close();
}

const FETCH: readonly Case[] = [
  ['an answer', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/ok`)).text()],
  ['an answer that nobody reads', { 'GET 200': 1 }, (origin) => fetch(`${origin}/ok`)],
  ['an empty body', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/empty`)).text()],
  ['chunks', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/chunked`)).text()],
  ['a large body', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/big`)).arrayBuffer()],
  ['a connection that the server closes', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/close`)).text()],
  ['HEAD', { 'HEAD 200': 1 }, (origin) => fetch(`${origin}/ok`, { method: 'HEAD' })],
  ['204 and 304', { 'GET 204': 1, 'GET 304': 1 }, (origin) => Promise.all([fetch(`${origin}/204`), fetch(`${origin}/304`)])],
  ['faults of the server', { 'GET 404': 1, 'GET 500': 1 }, (origin) => Promise.all([fetch(`${origin}/404`), fetch(`${origin}/500`)])],
  ['informational answers before the answer', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/hints`)).text()],
  [
    'a body that is sent',
    { 'POST 200': 1 },
    async (origin) => (await fetch(`${origin}/echo`, { method: 'POST', body: 'x'.repeat(100_000) })).text(),
  ],
  ['a redirect, each hop', { 'GET 302': 1, 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/redirect`)).text()],
  [
    'kept connections',
    { 'GET 200': 5 },
    async (origin) => {
      for (let each = 0; each < 5; each += 1) await (await fetch(`${origin}/ok`)).text();
    },
  ],
  [
    'many at a time',
    { 'GET 200': 200 },
    (origin) => Promise.all(Array.from({ length: 200 }, async () => (await fetch(`${origin}/ok`)).text())),
  ],
  ['an abort', { 'GET aborted': 1 }, failing((origin) => abortedFetch(`${origin}/hang`))],
  ['an abort with a reason', { 'GET aborted': 1 }, failing((origin) => abortedFetch(`${origin}/hang`, new Error('mine')))],
  [
    'an abort with a reason that is no error',
    { 'GET aborted': 1 },
    async (origin) => abortedFetch(`${origin}/hang`, 'enough').catch(() => {}),
  ],
  ['a time limit', { 'GET timeout': 1 }, failing((origin) => fetch(`${origin}/hang`, { signal: AbortSignal.timeout(50) }))],
  [
    'a time limit for the body',
    { 'GET timeout': 1 },
    failing(async (origin) => (await fetch(`${origin}/stall`, { signal: AbortSignal.timeout(200) })).text()),
  ],
  ['a body that is cancelled', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/big`)).body?.cancel()],
  ['a body that is cancelled with a reason', { 'GET 200': 1 }, async (origin) => (await fetch(`${origin}/big`)).body?.cancel('enough')],
  [
    'a body of which only the beginning is read',
    { 'GET 200': 1 },
    async (origin) => {
      for await (const _ of (await fetch(`${origin}/big`)).body ?? []) break;
    },
  ],
  ['a body that the server cuts off', { 'GET reset': 1 }, failing(async (origin) => (await fetch(`${origin}/cut`)).text())],
  ['a connection that is dropped', { 'GET reset': 1 }, failing((origin) => fetch(`${origin}/drop`))],
  ['an answer that is no HTTP', { 'GET other': 1 }, failing((origin) => fetch(`${origin}/garbage`))],
  [
    'a server that is gone',
    { 'GET refused': 1 },
    failing((origin, upstream) => {
      upstream.close();
      return fetch(`${origin}/ok`);
    }),
  ],
  [
    'methods that nobody knows',
    { '<unknown> 400': 2 },
    async (origin) => {
      for (const method of ['BREW', 'STEEP']) await (await fetch(`${origin}/ok`, { method })).text().catch(() => {});
    },
  ],
];

async function abortedFetch(url: string, reason?: unknown): Promise<unknown> {
  const abort = new AbortController();
  const answer = fetch(url, { signal: abort.signal });
  setTimeout(() => abort.abort(reason), 20);
  return answer;
}

const UNDICI: readonly Case[] = [
  ['request', { 'GET 200': 1 }, async (origin) => (await request(`${origin}/ok`)).body.text()],
  ['request whose body is dumped', { 'GET 200': 1 }, async (origin) => (await request(`${origin}/ok`)).body.dump()],
  [
    'request whose body is destroyed',
    { 'GET 200': 1 },
    async (origin) => (await request(`${origin}/big`)).body.on('error', () => {}).destroy(),
  ],
  ['stream', { 'GET 200': 1 }, (origin) => stream(`${origin}/big`, { method: 'GET' }, sink)],
  [
    'stream whose factory throws',
    { 'GET 200': 1 },
    failing((origin) =>
      stream(`${origin}/big`, { method: 'GET' }, () => {
        throw new Error('mine');
      }),
    ),
  ],
  [
    'pipeline',
    { 'POST 200': 1 },
    (origin) => {
      const duplex = pipeline(`${origin}/echo`, { method: 'POST' }, ({ body }) => body);
      duplex.end('sent');
      return join(duplex, sink());
    },
  ],
  ['fetch of the package', { 'GET 200': 1 }, async (origin) => (await undiciFetch(`${origin}/ok`)).text()],
  [
    'Agent',
    { 'GET 200': 1 },
    (origin) => closing(new Agent(), async (dispatcher) => (await request(`${origin}/ok`, { dispatcher })).body.text()),
  ],
  [
    'Client with pipelining',
    { 'GET 200': 10 },
    (origin) =>
      closing(new Client(origin, { pipelining: 5 }), (client) =>
        Promise.all(Array.from({ length: 10 }, async () => (await client.request({ path: '/ok', method: 'GET' })).body.text())),
      ),
  ],
  [
    'Pool at its limit',
    { 'GET 200': 20 },
    (origin) =>
      closing(new Pool(origin, { connections: 1 }), (pool) =>
        Promise.all(Array.from({ length: 20 }, async () => (await pool.request({ path: '/ok', method: 'GET' })).body.text())),
      ),
  ],
  [
    'retries, each of them',
    { 'GET 503': 2, 'GET 200': 1 },
    (origin) =>
      closing(new RetryAgent(new Agent(), { minTimeout: 1, maxRetries: 5 }), async (dispatcher) =>
        (await request(`${origin}/flaky`, { dispatcher })).body.text(),
      ),
  ],
  [
    'redirects, each hop',
    { 'GET 302': 1, 'GET 200': 1 },
    async (origin) => {
      const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
      await (await request(`${origin}/redirect`, { dispatcher })).body.text();
      await dispatcher.close();
    },
  ],
  [
    'a client that is destroyed, with what waits in it',
    { 'GET aborted': 3 },
    async (origin) => {
      const client = new Client(origin);
      const all = Promise.allSettled(Array.from({ length: 3 }, () => client.request({ path: '/hang', method: 'GET' })));
      await once(client, 'connect');
      await client.destroy();
      await all;
    },
  ],
  ['a time limit for the head', { 'GET timeout': 1 }, failing((origin) => request(`${origin}/hang`, { headersTimeout: 100 }))],
  [
    'a time limit for the body',
    { 'GET timeout': 1 },
    failing(async (origin) => (await request(`${origin}/stall`, { bodyTimeout: 100 })).body.text()),
  ],
  ['an upgrade', { 'GET 101': 1 }, async (origin) => (await upgrade(`${origin}/up`, { protocol: 'test' })).socket.destroy()],
  [
    'an upgrade by a dispatcher of the package',
    { 'GET 101': 1 },
    (origin) =>
      closing(new Agent(), async (dispatcher) => (await upgrade(`${origin}/up`, { protocol: 'test', dispatcher })).socket.destroy()),
  ],
  [
    'a proxy, through a tunnel',
    { 'GET 200': 1 },
    (origin, upstream) =>
      closing(new ProxyAgent({ uri: `http://user:secret@localhost:${upstream.port}`, proxyTunnel: true }), async (dispatcher) =>
        (await request(`${origin}/ok`, { dispatcher })).body.text(),
      ),
  ],
  [
    'a proxy, by the whole URL',
    { 'GET 200': 1 },
    (origin, upstream) =>
      closing(new ProxyAgent({ uri: `http://user:secret@localhost:${upstream.port}`, proxyTunnel: false }), async (dispatcher) =>
        (await request(`${origin}/ok`, { dispatcher })).body.text(),
      ),
  ],
];

describe.each([
  ['fetch', FETCH],
  ['undici', UNDICI],
])('counts each request of %s once', (_, cases) => {
  test.each(cases)('%s', async (_name, counts, run) => {
    const upstream = await Upstream.open();
    const measured = counted(upstream.authority);
    await run(upstream.origin, upstream);
    await measured.expect(counts);
    upstream.close();
    // What comes late, such as a connection that is cut, counts nothing more.
    await delay(0);
    expect(await measured.counts()).toEqual(counts);
    const sums: Record<string, number> = {};
    for (const [series, count] of Object.entries(counts))
      sums[series.split(' ')[0] ?? ''] = (sums[series.split(' ')[0] ?? ''] ?? 0) + count;
    expect(await measured.timed()).toEqual(sums);
  });
});

test('a response that is collected before its body was read ends its request', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const upstream = await Upstream.open();
  const measured = counted(upstream.authority);
  const forget = async (): Promise<void> => void (await fetch(`${upstream.origin}/big`));
  await forget();
  const collecting = setInterval(collect, 20);
  onTestFinished(() => clearInterval(collecting));
  await measured.expect({ 'GET 200': 1 });
});

test('a host that does not exist', async () => {
  const measured = counted('nowhere.invalid');
  await expect(fetch('http://nowhere.invalid/')).rejects.toThrow('fetch failed');
  await measured.expect({ 'GET dns': 1 });
});

test('time runs to the last byte of the body', async () => {
  const upstream = await Upstream.open();
  const { registry, pass, lines } = withClock();
  const measurement = measureHttpClient(registry, { hosts: ['127.0.0.1'] });
  onTestFinished(() => measurement.stop());
  const answer = await fetch(`${upstream.origin}/later`);
  pass(5000);
  upstream.finish();
  await answer.text();
  expect(await lines('http_client_requests_total', 'http_client_request_duration_seconds')).toEqual([
    'http_client_requests_total{method="GET",host="127.0.0.1",status="200"} 1',
    'http_client_request_duration_seconds_sum{method="GET",host="127.0.0.1"} 5',
    'http_client_request_duration_seconds_count{method="GET",host="127.0.0.1"} 1',
  ]);
});
