/** Requests whose client goes away: one count each, 499 unless the response was finished before. */
import { describe, expect, test } from 'vitest';
import { expectCounts, waitForInFlight } from './support/counts.js';
import { FORMS } from './support/forms.js';
import { latch } from './support/latch.js';
import { RawClient } from './support/raw-client.js';

const LARGE = 'x'.repeat(40_000_000);

describe.each(FORMS)('in $form', ({ start }) => {
  test.each(['abort', 'reset'] as const)('before the response, which the handler sends nevertheless (%s)', async (leave) => {
    const { opened, open } = latch();
    const done = latch();
    const server = await start((app) =>
      app.get('/slow/:id', { onSend: async () => done.open() }, async () => {
        await opened;
        return 'too late';
      }),
    );
    const client = await RawClient.connect(server.port);
    client.request('GET', '/slow/1');
    await waitForInFlight(server, 1);
    await client[leave]();
    await waitForInFlight(server, 0);
    open();
    await done.opened;
    await expectCounts(server, ['GET /slow/:id 499']);
  });

  test.each(['abort', 'reset'] as const)('during the response (%s)', async (leave) => {
    const server = await start((app) =>
      app.get('/part', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200);
        reply.raw.write('first part');
      }),
    );
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/part').until('first part');
    await client[leave]();
    await expectCounts(server, ['GET /part 499']);
  });

  test.each(['abort', 'reset'] as const)('while a complete response is still being sent (%s)', async (leave) => {
    const server = await start((app) => app.get('/large', async () => LARGE));
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/large').until('200 OK');
    client.socket.pause();
    await client[leave]();
    await expectCounts(server, ['GET /large 499']);
  });

  test.each(['abort', 'reset'] as const)('after the response (%s)', async (leave) => {
    const server = await start((app) => app.get('/done', async () => 'done'));
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/done').until('done');
    await client[leave]();
    await expectCounts(server, ['GET /done 200']);
  });

  test.each(['abort', 'reset'] as const)('in the middle of the request body (%s)', async (leave) => {
    const server = await start((app) => app.post('/upload', async () => 'never'));
    const client = await RawClient.connect(server.port);
    client.request('POST', '/upload', ['Content-Type: application/json', 'Content-Length: 100']).write('{"part":');
    await waitForInFlight(server, 1);
    await client[leave]();
    await expectCounts(server, ['POST /upload 499']);
  });

  test('with requests pipelined behind the one that is being answered', async () => {
    const server = await start((app) => {
      app.get('/slow', () => new Promise(() => {}));
      app.get('/fast', async () => 'fast');
    });
    const client = await RawClient.connect(server.port);
    for (let count = 0; count < 20; count += 1) client.request('GET', count % 2 === 0 ? '/slow' : '/fast');
    await waitForInFlight(server, 20);
    await client.abort();
    await expectCounts(server, ['GET /slow 499 x10', 'GET /fast 499 x10']);
  });

  test('with requests pipelined of which some were answered', async () => {
    const server = await start((app) => {
      app.get('/slow', () => new Promise(() => {}));
      app.get('/fast', async () => 'fast');
    });
    const client = await RawClient.connect(server.port);
    client
      .request('GET', '/fast')
      .request('GET', '/fast')
      .request('GET', '/slow')
      .request('GET', '/fast')
      .request('GET', '/unknown')
      .request('GET', '/%');
    expect(await client.answers(2)).toEqual([200, 200]);
    await waitForInFlight(server, 4);
    await client.reset();
    await expectCounts(server, ['GET /fast 200 x2', 'GET /slow 499', 'GET /fast 499', 'GET <unmatched> 499 x2']);
  });

  test('before a hook of somebody else is done', async () => {
    const { opened, open } = latch();
    const server = await start((app) => {
      app.addHook('onRequest', async () => await opened);
      app.get('/guarded', async () => 'never');
    });
    const client = await RawClient.connect(server.port);
    client.request('GET', '/guarded');
    await waitForInFlight(server, 1);
    await client.abort();
    await waitForInFlight(server, 0);
    open();
    await expectCounts(server, ['GET /guarded 499']);
  });
});
