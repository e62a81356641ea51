/** Streamed responses: they end when their last byte is out, and not before. */
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { expectCounts, inFlight, secondsSpent, waitForInFlight } from './support/counts.js';
import { FORMS } from './support/forms.js';
import { ask, RawClient } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('one that completes is open until then', async () => {
    const body = new PassThrough();
    const server = await start((app) => app.get('/stream/:id', (_request, reply) => reply.send(body)));
    const client = await RawClient.connect(server.port);
    body.write('first');
    await client.request('GET', '/stream/1').until('first');
    expect(await inFlight(server.registry)).toBe(1);
    const since = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 25)); // the duration is what is tested
    body.end('last');
    await client.until('last');
    await expectCounts(server, ['GET /stream/:id 200']);
    const spent = await secondsSpent(server.registry);
    expect(spent).toBeGreaterThan(0.02);
    expect(spent).toBeLessThan((performance.now() - since) / 1000 + 5);
  });

  test('one that fails halfway', async () => {
    const body = new PassThrough();
    const server = await start((app) => app.get('/fails', (_request, reply) => reply.send(body)));
    const client = await RawClient.connect(server.port);
    body.write('first');
    await client.request('GET', '/fails').until('first');
    body.destroy(new Error('halfway'));
    await client.closed();
    await expectCounts(server, ['GET /fails 499']);
  });

  test('one that fails before its first byte is an error like others', async () => {
    const server = await start((app) =>
      app.get('/fails', (_request, reply) =>
        reply.send(
          new Readable({
            read() {
              this.destroy(new Error('at once'));
            },
          }),
        ),
      ),
    );
    expect(await ask(server.port, 'GET', '/fails')).toContain(' 500 ');
    await expectCounts(server, ['GET /fails 500']);
  });

  test('one whose client disconnects', async () => {
    const server = await start((app) => app.get('/endless', (_request, reply) => reply.send(endless())));
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/endless').until(/tick[\s\S]*tick/);
    await client.abort();
    await expectCounts(server, ['GET /endless 499']);
  });

  test('web streams and Response objects: complete, failing, cut', async () => {
    const server = await start((app) => {
      app.get('/complete', async () => new Response('complete', { status: 203 }));
      app.get('/endless', (_request, reply) => reply.send(Readable.toWeb(endless())));
      app.get('/fails', (_request, reply) => reply.send(Readable.toWeb(Readable.from(failing(), { objectMode: false }))));
    });
    expect(await ask(server.port, 'GET', '/complete')).toContain(' 203 ');
    const cut = await RawClient.connect(server.port);
    await cut.request('GET', '/endless').until('tick');
    await cut.abort();
    await (await RawClient.connect(server.port)).request('GET', '/fails').closed();
    await expectCounts(server, ['GET /complete 203', 'GET /endless 499', 'GET /fails 499']);
  });

  test('with trailers', async () => {
    const server = await start((app) =>
      app.get('/trailers', (_request, reply) => {
        reply.trailer('checksum', async () => 'abc');
        return reply.send(Readable.from(['body']));
      }),
    );
    expect(await ask(server.port, 'GET', '/trailers')).toContain('checksum: abc');
    await expectCounts(server, ['GET /trailers 200']);
  });

  test('HEAD and 204 of a streaming route', async () => {
    const server = await start((app) => {
      app.get('/stream', (_request, reply) => reply.send(Readable.from(['body'])));
      app.get('/nothing', (_request, reply) => reply.code(204).send(Readable.from(['body'])));
    });
    await ask(server.port, 'HEAD', '/stream');
    await ask(server.port, 'GET', '/nothing');
    await expectCounts(server, ['HEAD /stream 200', 'GET /nothing 204']);
  });

  test('many endless ones at once, all cut', async () => {
    const server = await start((app) => app.get('/endless', (_request, reply) => reply.send(endless())));
    const clients = await Promise.all(Array.from({ length: 30 }, () => RawClient.connect(server.port)));
    await Promise.all(clients.map((client) => client.request('GET', '/endless').until('tick')));
    await waitForInFlight(server, 30);
    await Promise.all(clients.map((client, index) => (index % 2 === 0 ? client.abort() : client.reset())));
    await expectCounts(server, ['GET /endless 499 x30']);
  });
});

/** A stream that never ends by itself. */
function endless(): Readable {
  return new Readable({
    read() {
      setImmediate(() => this.push('tick '));
    },
  });
}

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('first');
  await new Promise(setImmediate);
  throw new Error('halfway');
}
