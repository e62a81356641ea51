/** Many requests on one connection. */
import { describe, expect, test } from 'vitest';
import { expectCounts } from './support/counts.js';
import { FORMS } from './support/forms.js';
import { latch } from './support/latch.js';
import { RawClient } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('keep-alive', async () => {
    const server = await start((app) => app.get('/item/:id', async () => 'ok'));
    const client = await RawClient.connect(server.port);
    for (let count = 1; count <= 50; count += 1) expect(await client.request('GET', `/item/${count}`).answers(count)).toHaveLength(count);
    await expectCounts(server, ['GET /item/:id 200 x50']);
  });

  test('pipelining: answers in order, however long each took', async () => {
    const { opened, open } = latch();
    const server = await start((app) => {
      app.get('/slow', async () => {
        await opened;
        return 'slow';
      });
      app.get('/fast/:id', async (_request, reply) => reply.code(203).send('fast'));
    });
    const client = await RawClient.connect(server.port);
    client.request('GET', '/slow');
    for (let count = 0; count < 30; count += 1) client.request('GET', `/fast/${count}`);
    client.request('GET', '/unknown').request('GET', '/%');
    open();
    expect(await client.answers(33)).toEqual([200, ...Array.from({ length: 30 }, () => 203), 404, 400]);
    await expectCounts(server, ['GET /slow 200', 'GET /fast/:id 203 x30', 'GET <unmatched> 404', 'GET <unmatched> 400']);
  });

  test('a response that is finished before the body of its request has been read', async () => {
    const server = await start((app) => {
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
      app.post('/early', (_request, reply) => reply.code(202).send('enough'));
    });
    const client = await RawClient.connect(server.port);
    client.request('POST', '/early', ['Content-Type: x/y', 'Content-Length: 10']).write('12345');
    expect(await client.answers(1)).toEqual([202]);
    client.write('67890').request('POST', '/early', ['Content-Type: x/y', 'Content-Length: 0']);
    expect(await client.answers(2)).toEqual([202, 202]);
    await expectCounts(server, ['POST /early 202 x2']);
  });

  test('a body that its client leaves halfway after the answer', async () => {
    const server = await start((app) => {
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
      app.post('/early', (_request, reply) => reply.code(202).send('enough'));
    });
    const client = await RawClient.connect(server.port);
    await client.request('POST', '/early', ['Content-Type: x/y', 'Content-Length: 10']).write('12345').answers(1);
    await client.abort();
    await expectCounts(server, ['POST /early 202']);
  });

  test('leaves a connection with one listener more, however many requests it carries', async () => {
    const counts: number[] = [];
    const server = await start((app) =>
      app.get('/', async ({ raw }, reply) => {
        counts.push(raw.socket.listenerCount('close') + reply.raw.listenerCount('finish') + reply.raw.listenerCount('close'));
        return 'ok';
      }),
    );
    const client = await RawClient.connect(server.port);
    for (let count = 1; count <= 20; count += 1) await client.request('GET', '/').answers(count);
    expect(new Set(counts).size).toBe(1);
    await expectCounts(server, ['GET / 200 x20']);
  });
});
