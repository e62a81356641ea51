/** Each request of node:http and node:https, and of the libraries on top of them, is counted once, whatever becomes of it. */
import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { createServer as createHttpsServer, get as getHttps, Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import got from 'got';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CERTIFICATE } from '../http/support/certificate.js';
import { counted } from './support/counted.js';
import { Upstream } from './support/upstream.js';

type Run = (origin: string, upstream: Upstream) => Promise<unknown>;
type Case = readonly [name: string, counts: Readonly<Record<string, number>>, run: Run];

/** Whether requests are published when they are made, not when they are written. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const SEES_BEGINNING = major > 22 || (major === 22 && minor >= 12);

async function read(sent: ClientRequest): Promise<void> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await response.resume().toArray();
}

/** Reads the beginning of a body. */
async function begin(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  return response;
}

async function failure(sent: ClientRequest): Promise<void> {
  const [error] = await once(sent, 'error');
  expect(error).toBeInstanceOf(Error);
}

function keepingAgent(options: object = {}): Agent {
  const agent = new Agent({ keepAlive: true, ...options });
  onTestFinished(() => agent.destroy());
  return agent;
}

const sent = (url: string, options: RequestOptions, body?: string): ClientRequest => request(url, options).end(body);

const NODE: readonly Case[] = [
  ['an answer', { 'GET 200': 1 }, (origin) => read(get(`${origin}/ok`))],
  ['an answer without a listener, which Node reads itself', { 'GET 200': 1 }, async (origin) => once(get(`${origin}/ok`), 'close')],
  ['an empty body', { 'GET 200': 1 }, (origin) => read(get(`${origin}/empty`))],
  ['chunks', { 'GET 200': 1 }, (origin) => read(get(`${origin}/chunked`))],
  ['a large body', { 'GET 200': 1 }, (origin) => read(get(`${origin}/big`))],
  ['a connection that the server closes', { 'GET 200': 1 }, (origin) => read(get(`${origin}/close`, { agent: keepingAgent() }))],
  ['HEAD', { 'HEAD 200': 1 }, (origin) => read(sent(`${origin}/ok`, { method: 'HEAD' }))],
  ['204 and 304', { 'GET 204': 1, 'GET 304': 1 }, (origin) => Promise.all([read(get(`${origin}/204`)), read(get(`${origin}/304`))])],
  [
    'faults of the server',
    { 'GET 404': 1, 'GET 500': 1 },
    (origin) => Promise.all([read(get(`${origin}/404`)), read(get(`${origin}/500`))]),
  ],
  ['informational answers before the answer', { 'GET 200': 1 }, (origin) => read(get(`${origin}/hints`))],
  ['a body that is sent', { 'POST 200': 1 }, (origin) => read(sent(`${origin}/echo`, { method: 'POST' }, 'x'.repeat(100_000)))],
  [
    'a body that is sent in parts',
    { 'POST 200': 1 },
    async (origin) => {
      const post = request(`${origin}/echo`, { method: 'POST' });
      post.write('one');
      await once(post, 'socket');
      post.end('two');
      await read(post);
    },
  ],
  [
    'kept connections',
    { 'GET 200': 5 },
    async (origin) => {
      const agent = keepingAgent();
      for (let each = 0; each < 5; each += 1) await read(get(`${origin}/ok`, { agent }));
    },
  ],
  ['no agent', { 'GET 200': 1 }, (origin) => read(get(`${origin}/ok`, { agent: false }))],
  [
    'an agent at its limit',
    { 'GET 200': 20 },
    (origin) => {
      const agent = keepingAgent({ maxSockets: 1 });
      return Promise.all(Array.from({ length: 20 }, () => read(get(`${origin}/ok`, { agent }))));
    },
  ],
  [
    'headers as a list',
    { 'GET 200': 1 },
    (origin) => read(get(`${origin}/ok`, { headers: ['Host', new URL(origin).host, 'X-One', '1'] as never })),
  ],
  [
    'a request that is destroyed',
    { 'GET aborted': 1 },
    async (origin) => {
      const hanging = get(`${origin}/hang`);
      await once(hanging, 'finish');
      await failure(hanging.destroy());
    },
  ],
  [
    'a request that is destroyed with an error',
    { 'GET aborted': 1 },
    async (origin) => {
      const hanging = get(`${origin}/hang`);
      await once(hanging, 'finish');
      await failure(hanging.destroy(new Error('mine')));
    },
  ],
  ['a request that is destroyed at once', { 'GET aborted': 1 }, (origin) => failure(get(`${origin}/hang`).destroy())],
  [
    'a signal',
    { 'GET aborted': 1 },
    async (origin) => {
      const abort = new AbortController();
      const hanging = get(`${origin}/hang`, { signal: abort.signal });
      await once(hanging, 'finish');
      abort.abort();
      await failure(hanging);
    },
  ],
  ['a signal with a time limit', { 'GET timeout': 1 }, (origin) => failure(get(`${origin}/hang`, { signal: AbortSignal.timeout(50) }))],
  [
    'a time limit, after which the request is destroyed',
    { 'GET timeout': 1 },
    async (origin) => {
      const hanging = get(`${origin}/hang`, { timeout: 50 });
      hanging.on('timeout', () => hanging.destroy());
      await failure(hanging);
    },
  ],
  [
    'a time limit, after which the request is destroyed with an error',
    { 'GET timeout': 1 },
    async (origin) => {
      const hanging = get(`${origin}/hang`);
      hanging.setTimeout(50, () => hanging.destroy(new Error('too slow')));
      await failure(hanging);
    },
  ],
  [
    'a time limit that nobody minds',
    { 'GET 200': 1 },
    async (origin, upstream) => {
      const slow = get(`${origin}/later`, { timeout: 50 });
      const response = await begin(slow);
      await once(slow, 'timeout');
      upstream.finish();
      await response.resume().toArray();
    },
  ],
  ['a response that is destroyed half-way', { 'GET 200': 1 }, async (origin) => (await begin(get(`${origin}/big`))).destroy()],
  [
    'a response that is destroyed half-way with an error',
    { 'GET 200': 1 },
    async (origin) => {
      const response = await begin(get(`${origin}/big`).on('error', () => {}));
      response.on('error', () => {}).destroy(new Error('mine'));
    },
  ],
  [
    'a response that nobody reads, when its connection is closed',
    { 'GET 200': 1 },
    async (origin, upstream) => {
      const [response] = (await once(get(`${origin}/ok`), 'response')) as [IncomingMessage];
      await once(response, 'readable');
      upstream.close();
    },
  ],
  [
    'a body that the server cuts off',
    { 'GET reset': 1 },
    async (origin) => {
      const response = await begin(get(`${origin}/cut`));
      await expect(response.toArray()).rejects.toThrow('aborted');
    },
  ],
  ['a connection that is dropped', { 'GET reset': 1 }, (origin) => failure(get(`${origin}/drop`))],
  ['an answer that is no HTTP', { 'GET other': 1 }, (origin) => failure(get(`${origin}/garbage`))],
  [
    'a server that is gone',
    { 'GET refused': 1 },
    (origin, upstream) => {
      upstream.close();
      return failure(get(`${origin}/ok`));
    },
  ],
  [
    'an upgrade',
    { 'GET 101': 1 },
    async (origin) => {
      const up = get(`${origin}/up`, { headers: { connection: 'upgrade', upgrade: 'test' } });
      const [, socket] = await once(up, 'upgrade');
      socket.destroy();
    },
  ],
  [
    'a CONNECT by hand, which opens a connection, and what is sent through it',
    { 'GET 200': 1 },
    async (origin, upstream) => {
      const [, socket] = await once(request(origin, { method: 'CONNECT', path: upstream.authority }).end(), 'connect');
      await read(get(`${origin}/ok`, { createConnection: () => socket }));
    },
  ],
  [
    'a proxy, by the whole URL',
    { 'GET 200': 1 },
    (origin, upstream) => read(get({ host: 'localhost', port: upstream.port, path: `${origin}/ok` })),
  ],
  [
    'http-proxy-agent',
    { 'GET 200': 1 },
    (origin, upstream) => read(get(`${origin}/ok`, { agent: new HttpProxyAgent(`http://user:secret@localhost:${upstream.port}`) })),
  ],
  [
    'https-proxy-agent, through a tunnel',
    { 'GET 200': 1 },
    (origin, upstream) => read(get(`${origin}/ok`, { agent: new HttpsProxyAgent(`http://user:secret@localhost:${upstream.port}`) })),
  ],
];

const LIBRARIES: readonly Case[] = [
  ['axios', { 'GET 200': 1 }, (origin) => axios.get(`${origin}/ok`)],
  ['axios, a redirect, each hop', { 'GET 302': 1, 'GET 200': 1 }, (origin) => axios.get(`${origin}/redirect`)],
  ['axios, a fault of the server', { 'GET 500': 1 }, (origin) => expect(axios.get(`${origin}/500`)).rejects.toThrow('500')],
  [
    'axios, a time limit',
    { 'GET timeout': 1 },
    (origin) => expect(axios.get(`${origin}/hang`, { timeout: 50 })).rejects.toThrow('timeout'),
  ],
  [
    'axios, a cancelled request',
    { 'GET aborted': 1 },
    async (origin) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await expect(axios.get(`${origin}/hang`, { signal: abort.signal })).rejects.toThrow('canceled');
    },
  ],
  ['axios on fetch', { 'GET 200': 1 }, (origin) => axios.get(`${origin}/ok`, { adapter: 'fetch' })],
  [
    'axios, a proxy',
    { 'GET 200': 1 },
    (origin, upstream) => axios.get(`${origin}/ok`, { proxy: { protocol: 'http', host: 'localhost', port: upstream.port } }),
  ],
  ['got', { 'GET 200': 1 }, (origin) => got(`${origin}/ok`).text()],
  ['got, a redirect, each hop', { 'GET 302': 1, 'GET 200': 1 }, (origin) => got(`${origin}/redirect`).text()],
  [
    'got, retries, each of them',
    { 'GET 503': 2, 'GET 200': 1 },
    (origin) => got(`${origin}/flaky`, { retry: { calculateDelay: ({ computedValue }) => (computedValue === 0 ? 0 : 1) } }).text(),
  ],
  [
    'got, a time limit',
    { 'GET timeout': 1 },
    (origin) => expect(got(`${origin}/hang`, { timeout: { request: 100 }, retry: { limit: 0 } }).text()).rejects.toThrow('Timeout'),
  ],
  ['got, a stream', { 'GET 200': 1 }, (origin) => got.stream(`${origin}/big`).toArray()],
];

describe.each([
  ['node:http', NODE],
  ['libraries', LIBRARIES],
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
  });
});

test('https', async () => {
  const server = createHttpsServer(CERTIFICATE, (_, response) => response.end('ok'));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const measured = counted(`localhost:${port}`);
  const agent = new HttpsAgent({ ca: CERTIFICATE.cert, keepAlive: false });
  await read(getHttps({ host: 'localhost', port, agent, family: 4 }));
  await failure(getHttps({ host: 'localhost', port, agent: false, family: 4 }));
  await measured.expect({ 'GET 200': 1, 'GET other': 1 });
});

test('a host that does not exist', async () => {
  const measured = counted('nowhere.invalid');
  await failure(get('http://nowhere.invalid/'));
  await measured.expect({ 'GET dns': 1 });
});

test('an upload that fails is counted, and timed if Node.js tells of its beginning', async () => {
  const upstream = await Upstream.open();
  const measured = counted(upstream.authority);
  const post = request(`${upstream.origin}/drop`, { method: 'POST' });
  post.write('a part');
  await failure(post);
  await measured.expect({ 'POST reset': 1 });
  expect(await measured.timed()).toEqual(SEES_BEGINNING ? { POST: 1 } : {});
});

test('a measured request has the properties of a bare one', async () => {
  const upstream = await Upstream.open();
  const keys = async (): Promise<readonly PropertyKey[]> => {
    const sent = get(`${upstream.origin}/ok`, { agent: keepingAgent() });
    await once(sent, 'close');
    return [...Reflect.ownKeys(sent), ...Object.keys(sent)];
  };
  const bare = await keys();
  const measured = counted(new URL(upstream.origin).hostname);
  expect(await keys()).toEqual(bare);
  await measured.expect({ 'GET 200': 1 });
});
