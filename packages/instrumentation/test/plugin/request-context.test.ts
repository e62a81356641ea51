/** The request context of Fastify servers without the framework. */
import { currentRequestContext, type OpenContext } from '@tsukimi/core';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyServerOptions, fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { describeError } from '../support/start.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const OPTIONS = { processMetrics: false, requestContext: true };

const registered = () => ({ registry: new MetricsRegistry(), ...OPTIONS });

function bare(options: FastifyServerOptions = {}) {
  const server = fastify(options);
  onTestFinished(() => server.close());
  return server;
}

const idNow = () => currentRequestContext()?.requestId;

test('hooks and routes that were there before have it, too', async () => {
  const server = bare();
  const seen: (string | undefined)[] = [];
  server.addHook('onRequest', async () => void seen.push(idNow()));
  server.addHook('onResponse', async () => void seen.push(idNow()));
  server.post('/early', async (request) => ({ id: idNow(), fastify: request.id }));
  await server.register(httpInstrumentation, registered());
  const answer = await server.inject({ method: 'POST', url: '/early', payload: { a: 1 }, headers: { 'x-request-id': 'abc' } });
  expect([answer.json(), answer.headers['x-request-id']]).toEqual([{ id: 'abc', fastify: 'abc' }, 'abc']);
  expect(seen).toEqual(['abc', 'abc']);
});

test('a request without an id gets a random one', async () => {
  const server = bare();
  await server.register(httpInstrumentation, registered());
  server.get('/', async (request) => ({ id: idNow(), fastify: request.id }));
  const { id, fastify: own } = (await server.inject('/')).json();
  expect(id).toMatch(UUID);
  expect(own).toBe(id);
});

test.each<[string, FastifyServerOptions, string]>([
  ['genReqId', { genReqId: () => 'mine' }, 'mine'],
  ['requestIdHeader', { requestIdHeader: 'x-trace' }, 'theirs'],
])("a server's own %s stays in force", async (_, options, expected) => {
  const server = bare(options);
  await server.register(httpInstrumentation, registered());
  server.get('/', async () => ({ id: idNow() }));
  const answer = await server.inject({ url: '/', headers: { 'x-request-id': 'abc', 'x-trace': 'theirs' } });
  expect([answer.json(), answer.headers['x-request-id']]).toEqual([{ id: expected }, expected]);
});

test('in an encapsulated context, only its requests have it', async () => {
  const server = bare();
  server.get('/outside', async () => ({ id: idNow() ?? 'none' }));
  await server.register(async (scope) => {
    await scope.register(httpInstrumentation, { ...registered(), path: null });
    scope.get('/inside', async () => ({ id: idNow() }));
  });
  const headers = { 'x-request-id': 'abc' };
  expect((await server.inject({ url: '/outside', headers })).json()).toEqual({ id: 'none' });
  expect((await server.inject({ url: '/inside', headers })).json()).toEqual({ id: 'abc' });
});

test('observers see requests begin and end', async () => {
  const server = bare();
  const seen: string[] = [];
  const observer = {
    began: ({ method, route }: OpenContext) => void seen.push(`began ${method} ${route}`),
    ended: ({ route }: OpenContext, { statusCode }: { readonly statusCode?: number | undefined }) =>
      void seen.push(`ended ${route} ${statusCode}`),
  };
  await server.register(httpInstrumentation, { ...registered(), requestContext: { observers: [observer] } });
  server.get('/moons/:id', async () => 'moon');
  await server.inject('/moons/7');
  expect(seen).toEqual(['began GET /moons/:id', 'ended /moons/:id 200']);
});

test('anything else is refused', async () => {
  const failure = async (requestContext: never) => {
    const server = fastify();
    const error = await server.register(httpInstrumentation, { ...registered(), requestContext }).then(
      () => undefined,
      (reason: unknown) => describeError(reason),
    );
    await server.close();
    return error;
  };
  for (const value of ['on', null, {}, { observers: [1] }])
    expect(await failure(value as never)).toMatch(/^TSK_ERR_INSTRUMENTATION_OPTION: .*requestContext/);
});
