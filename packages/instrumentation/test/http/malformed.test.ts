/** What is not HTTP, or not all of it: one count for each connection that sent it, with the status that Fastify answers. */
import { describe, expect, test } from 'vitest';
import { expectCounts, waitForInFlight } from './support/counts.js';
import { FORMS, startPlugin } from './support/forms.js';
import { ask, RawClient, statusOf } from './support/raw-client.js';

const MALFORMED = '<unknown> <unmatched>';

async function say(port: number, text: string): Promise<number> {
  const client = await RawClient.connect(port);
  return statusOf(await client.write(text).closed());
}

describe.each(FORMS)('in $form', ({ start }) => {
  test.each([
    ['no method', 'NOT-HTTP AT ALL\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s', async (_what, text) => {
    const server = await start((app) => app.all('/', async () => 'ok'));
    expect(await say(server.port, text)).toBe(400);
    await expectCounts(server, [`${MALFORMED} 400`]);
  });

  test('headers that are too large', async () => {
    const server = await start((app) => app.get('/', async () => 'ok'));
    expect(await say(server.port, `GET / HTTP/1.1\r\nHost: a\r\nLarge: ${'x'.repeat(20_000)}\r\n\r\n`)).toBe(431);
    await expectCounts(server, [`${MALFORMED} 431`]);
  });

  test('a request that ends in the middle of its head', async () => {
    const server = await start((app) => app.get('/', async () => 'ok'));
    const client = await RawClient.connect(server.port);
    client.socket.end('GET / HTTP/1.1\r\nHost:');
    expect(statusOf(await client.closed())).toBe(400);
    await expectCounts(server, [`${MALFORMED} 400`]);
  });

  test('a connection that never says anything is no request, nor is one that goes away between requests', async () => {
    const server = await start((app) => app.get('/', async () => 'ok'));
    await (await RawClient.connect(server.port)).abort();
    await (await RawClient.connect(server.port)).reset();
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/').answers(1);
    await client.reset();
    await expectCounts(server, ['GET / 200']);
  });

  test('behind a good request', async () => {
    const server = await start((app) => app.get('/', async () => 'ok'));
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/').answers(1);
    expect(await client.write('nonsense\r\n\r\n').closed()).toMatch(/200 OK[\s\S]*400 Bad Request/);
    await expectCounts(server, ['GET / 200', `${MALFORMED} 400`]);
  });

  test('pipelined behind a request that is still running, which it costs its answer', async () => {
    const server = await start((app) => app.get('/slow', () => new Promise(() => {})));
    const client = await RawClient.connect(server.port);
    client.request('GET', '/slow');
    await waitForInFlight(server, 1);
    await client.write('nonsense\r\n\r\n').closed();
    await expectCounts(server, ['GET /slow 499', `${MALFORMED} 400`]);
  });

  test('in the body of a request it is the answer of that one', async () => {
    const server = await start((app) => app.post('/upload', async () => 'ok'));
    const head = 'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await say(server.port, `${head}no chunk\r\n`)).toBe(400);
    await expectCounts(server, ['POST /upload 400']);
  });

  test('in a body whose request has been answered it changes nothing', async () => {
    const server = await start((app) => {
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
      app.post('/early', (_request, reply) => reply.code(202).send());
    });
    const client = await RawClient.connect(server.port);
    client.write('POST /early HTTP/1.1\r\nHost: a\r\nContent-Type: x/y\r\nTransfer-Encoding: chunked\r\n\r\n');
    expect(await client.answers(1)).toEqual([202]);
    await client.write('no chunk\r\n').closed();
    await expectCounts(server, ['POST /early 202']);
  });
});

test('a clientErrorHandler of the user still answers', async () => {
  const server = await startPlugin((app) => app.get('/', async () => 'ok'), {
    clientErrorHandler: (_error, socket) => void socket.end('HTTP/1.1 400 Own\r\nContent-Length: 0\r\n\r\n'),
  });
  expect(await ask(server.port, 'GE T', '/')).toContain('400 Own');
  await expectCounts(server, [`${MALFORMED} 400`]);
});
