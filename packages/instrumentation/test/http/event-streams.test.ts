/** Server-sent events: requests that are answered for as long as their client likes. */
import { PassThrough } from 'node:stream';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { endedStreams, expectCounts, inFlight, streamsInFlight, waitForInFlight } from './support/counts.js';
import { FORMS, listening } from './support/forms.js';
import { latch } from './support/latch.js';
import { ask, RawClient } from './support/raw-client.js';

const SENT: readonly (readonly [string, (reply: FastifyReply, body: PassThrough) => unknown])[] = [
  ['by Fastify', (reply, body) => reply.type('text/event-stream; charset=utf-8').send(body)],
  [
    'by hand',
    (reply, body) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': 'Text/Event-Stream' });
      body.pipe(reply.raw);
    },
  ],
  [
    'by headers set before',
    (reply, body) => {
      reply.hijack();
      reply.raw.setHeader('content-type', 'text/event-stream');
      body.pipe(reply.raw);
    },
  ],
  [
    'as a web Response',
    (reply, body) => reply.send(new Response(PassThrough.toWeb(body).readable, { headers: { 'content-type': 'text/event-stream' } })),
  ],
];

describe.each(FORMS)('in $form', ({ start }) => {
  test.each(SENT)('server-sent events are a stream from when their headers are sent, %s', async (_, send) => {
    const bodies: PassThrough[] = [];
    const begin = latch();
    const server = await start((app) =>
      app.get('/events/:id', async (_request, reply) => {
        await begin.opened;
        const body = new PassThrough();
        bodies.push(body);
        body.write('data: first\n\n');
        await send(reply, body);
        return reply;
      }),
    );
    const [finished, cut] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    finished.request('GET', '/events/1');
    await waitForInFlight(server, 1);
    expect(await streamsInFlight(server.registry, 'sse')).toBe(0);
    begin.open();
    await finished.until('data: first');
    await cut.request('GET', '/events/2').until('data: first');
    expect(await inFlight(server.registry)).toBe(0);
    expect(await streamsInFlight(server.registry, 'sse')).toBe(2);
    const view = (await server.fastify.inject('/metrics')).json() as { instrumentation: { http: object } };
    expect(view.instrumentation.http).toMatchObject({ in_flight: 0, streams_in_flight: { sse: 2, websocket: 0 } });
    await cut.abort();
    bodies[0]?.end('data: last\n\n');
    await finished.until('data: last');
    await expectCounts(server, ['GET /events/:id 200', 'GET /events/:id 499']);
    expect(await endedStreams(server.registry)).toEqual(['GET /events/:id sse x2']);
    expect(await server.registry.expose()).toContain('http_request_duration_seconds_count{method="GET",path="/events/:id"} 0\n');
  });

  test('an event stream that announces its length, and HEAD of one, are not streams', async () => {
    const server = await start((app) => {
      app.get('/whole', (_request, reply) => reply.type('text/event-stream').send('data: all\n\n'));
      app.get('/stream', (_request, reply) => reply.type('text/event-stream').send(new PassThrough().end('data: all\n\n')));
      app.get('/other', (_request, reply) => reply.type('text/event-streams').send(new PassThrough().end('text/event-stream')));
    });
    await ask(server.port, 'GET', '/whole');
    const kept = await RawClient.connect(server.port);
    await kept.request('GET', '/whole').until('all');
    await ask(server.port, 'HEAD', '/stream');
    await ask(server.port, 'GET', '/other');
    await ask(server.port, 'GET', '/stream');
    await server.fastify.inject('/stream');
    await kept.abort();
    await expectCounts(server, ['GET /whole 200 x2', 'HEAD /stream 200', 'GET /other 200', 'GET /stream 200 x2']);
    expect(await endedStreams(server.registry)).toEqual(['GET /stream sse x2']);
  });
});

test('two servers with one registry', async () => {
  const registry = new MetricsRegistry();
  const servers = await Promise.all(
    [1, 2].map(async () => {
      const app = fastify();
      await app.register(httpInstrumentation, { registry, processMetrics: false, path: null });
      const routes = (root: FastifyInstance) =>
        root.get('/events', (_request, reply) => {
          const body = new PassThrough();
          body.write('data: first\n\n');
          return reply.type('text/event-stream').send(body);
        });
      return await listening(app, routes, registry);
    }),
  );
  const clients = await Promise.all(servers.map(({ port }) => RawClient.connect(port)));
  await Promise.all(clients.map((client) => client.request('GET', '/events').until('first')));
  expect(await streamsInFlight(registry, 'sse')).toBe(2);
  expect(await inFlight(registry)).toBe(0);
  await Promise.all(clients.map((client) => client.abort()));
  await expectCounts({ registry, close: async () => void (await Promise.all(servers.map((each) => each.close()))) }, [
    'GET /events 499 x2',
  ]);
});
