/** The context of a request goes with the calls that it makes: to the hosts that are named, and never over what the caller has set. */

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { httpInstrumentation, injectContext, measureHttpClient, observeClientCalls } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import Fastify from 'fastify';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PropagatedHosts } from '../../src/http-client/propagation.js';
import { targetOf } from '../../src/http-client/target.js';
import { Upstream } from './support/upstream.js';

type Received = Readonly<Record<string, string>>;
type Call = (url: string, headers: Record<string, string>) => Promise<Received>;

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TRACE = { 'x-request-id': 'one', traceparent: TRACEPARENT, tracestate: 'vendor=1' };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const SEES_BEGINNING = major > 22 || (major === 22 && minor >= 12);

async function jsonOf(response: IncomingMessage): Promise<Received> {
  return JSON.parse(Buffer.concat((await response.toArray()) as Buffer[]).toString()) as Received;
}

const byFetch: Call = async (url, headers) => (await (await fetch(url, { headers })).json()) as Received;
const byUndici: Call = async (url, headers) => (await (await request(url, { headers })).body.json()) as Received;
const byNode: Call = async (url, headers) => {
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  return jsonOf(response);
};

/** What an upstream has received of a call that a request with a trace makes. */
async function received(call: Call, { own = {}, propagateTo, traceparent }: Options = {}): Promise<Received> {
  const upstream = await Upstream.open();
  const registry = new MetricsRegistry();
  const measurement = measureHttpClient(registry, { propagateTo });
  if (traceparent !== undefined) observeClientCalls(registry, { began: () => ({ headers: () => ({ traceparent }), ended: () => {} }) });
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry: new MetricsRegistry(), requestContext: true, processMetrics: false });
  app.get('/', () => call(`${upstream.origin}/headers`, own));
  try {
    const answer = await fetch(await app.listen({ port: 0, host: '127.0.0.1' }), { headers: TRACE });
    return (await answer.json()) as Received;
  } finally {
    measurement.stop();
  }
}

interface Options {
  readonly own?: Record<string, string>;
  readonly propagateTo?: readonly string[];
  /** What an observer passes on. */
  readonly traceparent?: string;
}

const AUTOMATIC: [string, Call][] = [
  ['fetch', byFetch],
  ['undici', byUndici],
];
if (SEES_BEGINNING) AUTOMATIC.push(['node:http', byNode]);

describe.each(AUTOMATIC)('%s', (_, call) => {
  test('passes the context on to this machine', async () => {
    expect(await received(call)).toMatchObject(TRACE);
  });

  test('passes it on to named hosts only', async () => {
    expect(await received(call, { propagateTo: ['127.0.0.*'] })).toMatchObject(TRACE);
    const others = await received(call, { propagateTo: ['localhost', 'api.example.com'] });
    expect(Object.keys(TRACE).filter((name) => name in others)).toEqual([]);
    const nobody = await received(call, { propagateTo: [] });
    expect(Object.keys(TRACE).filter((name) => name in nobody)).toEqual([]);
  });

  test('keeps the headers that the caller has set', async () => {
    expect(await received(call, { own: { 'X-Request-ID': 'mine' } })).toMatchObject({ ...TRACE, 'x-request-id': 'mine' });
    expect(await received(call, { own: { TraceParent: '00-1-2-00' } })).toMatchObject({ traceparent: '00-1-2-00' });
  });

  test('passes the span of an observer on, instead of that of the request', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';
    expect(await received(call, { traceparent })).toMatchObject({ ...TRACE, traceparent });
    expect(await received(call, { traceparent, propagateTo: [] })).not.toHaveProperty('traceparent');
  });

  test('leaves out what is no header, and sends the request', async () => {
    const headers = await received(call, { traceparent: 'two\r\nlines' });
    expect(headers['x-request-id']).toBe('one');
    expect(headers).not.toHaveProperty('traceparent');
  });
});

describe('injectContext', () => {
  test('adds the context to the headers of node:http', async () => {
    expect(await received((url, headers) => byNode(url, injectContext(headers)), { propagateTo: [] })).toMatchObject(TRACE);
  });

  test('keeps the headers that are set', async () => {
    const own = { 'X-Request-ID': 'mine' };
    expect(await received((url, headers) => byNode(url, injectContext(headers)), { own, propagateTo: [] })).toMatchObject({
      ...TRACE,
      'x-request-id': 'mine',
    });
  });

  test('takes a Headers object', async () => {
    const call: Call = async (url) => {
      const headers = injectContext(new Headers({ 'x-request-id': 'mine' }));
      return (await (await fetch(url, { headers })).json()) as Received;
    };
    expect(await received(call, { propagateTo: [] })).toMatchObject({ ...TRACE, 'x-request-id': 'mine' });
  });

  test('adds nothing without a context, and returns the same object', () => {
    const headers = { accept: 'text/plain' };
    expect(injectContext(headers)).toBe(headers);
    expect(headers).toEqual({ accept: 'text/plain' });
  });
});

test.each([
  ['http://localhost:3000', true],
  ['http://127.0.0.1', true],
  ['http://127.1.2.3', true],
  ['http://[::1]:80', true],
  ['http://[::ffff:127.0.0.1]', true],
  ['http://localhost.example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['http://10.0.0.1', false],
  ['http://loopback', false],
  ['no url', false],
])('%s is this machine: %s', (origin, isLoopback) => {
  expect(new PropagatedHosts(['loopback']).has(targetOf(origin))).toBe(isLoopback);
});
