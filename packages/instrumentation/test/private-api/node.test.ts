/** Whether Node.js still has what we use of it without being told that we may: each test says what broke. */
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hasBody, hasLostPeer, headOf, waitingBytes, whenGoneForProtocol } from '../../src/private-api/node.js';

const broke = (what: string, where: string): string => `Node.js ${process.version} ${what}: see ${where} in src/private-api/node.ts`;

/** A server that listens on the loopback until the test is over. */
async function listening<S extends ReturnType<typeof createTcpServer>>(server: S): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Both ends of a connection. */
async function connection(): Promise<{ readonly client: Socket; readonly served: Socket }> {
  // Nobody reads: so Node does not hear when the other end is gone.
  const server = createTcpServer({ pauseOnConnect: true });
  const port = await listening(server);
  const accepted = once(server, 'connection');
  const client = connect({ port, host: '127.0.0.1' });
  const [served] = (await accepted) as [Socket];
  for (const socket of [client, served]) onTestFinished(() => void socket.destroy());
  return { client, served };
}

test('a response keeps the head that it sent', async () => {
  const heads: (string | undefined)[] = [];
  const server = createServer((_request, response: ServerResponse) => {
    heads.push(headOf(response));
    response.writeHead(503, { 'Content-Type': 'text/event-stream' });
    response.statusCode = 200;
    heads.push(headOf(response));
    response.end();
  });
  const port = await listening(server);
  await once(get({ port, host: '127.0.0.1', agent: false }), 'response').then(([answer]) => answer.resume());
  expect(heads[0]).toBeUndefined();
  expect(
    heads[1],
    broke('keeps the head elsewhere, so that a status set too late is counted, and event streams are not told from answers', 'headOf'),
  ).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n(?:.*\r\n)*Content-Type: text\/event-stream\r\n/);
});

test('a response tells whether its body is sent', async () => {
  const told: boolean[] = [];
  const server = createServer((_request, response: ServerResponse) => {
    response.writeHead(told.length === 0 ? 200 : 304).end();
    told.push(hasBody(response));
  });
  const port = await listening(server);
  for (const _ of ['200', '304'])
    await once(get({ port, host: '127.0.0.1', agent: false }), 'response').then(([answer]) => answer.resume());
  expect(told, broke('tells elsewhere whether a body is sent, so that bodies that are dropped are counted as sent', 'hasBody')).toEqual([
    true,
    false,
  ]);
});

test('a connection tells whether its peer is there', async () => {
  const { served, client } = await connection();
  const { getpeername } = (served as unknown as { readonly _handle: { getpeername?: unknown } })._handle;
  expect(typeof getpeername, broke('has no getpeername on its handles, so that lost HTTP/2 connections stay open', 'hasLostPeer')).toBe(
    'function',
  );
  expect(hasLostPeer(served)).toBe(false);
  client.resetAndDestroy();
  await expect.poll(() => hasLostPeer(served), { message: broke('no longer asks the system', 'hasLostPeer') }).toBe(true);
});

test('a connection tells how much waits for its peer', async () => {
  const { served, client } = await connection();
  client.pause();
  expect(waitingBytes(served)).toBe(0);
  served.write(Buffer.alloc(50_000_000));
  expect(
    waitingBytes(served),
    broke('has no writeQueueSize on its handles, so that responses which are still read may be taken for reset', 'waitingBytes'),
  ).toBeGreaterThan(1_000_000);
});

test('a stream that was reset with the code 0 adds a listener before it is destroyed', async () => {
  const server = createHttp2Server();
  const port = await listening(server);
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const arrived = once(server, 'stream');
  const request = session.request({ ':path': '/' });
  request.on('error', () => {});
  const [stream] = (await arrived) as unknown as [ServerHttp2Stream];
  stream.on('error', () => {});
  const gone = new Promise<string>((resolve) => whenGoneForProtocol(stream, () => resolve('gone')));
  const closed = once(stream, 'close').then(() => 'closed');
  stream.respond({ ':status': 200 });
  stream.write(Buffer.alloc(1_000_000));
  request.close(0);
  expect(
    await Promise.race([gone, closed]),
    broke('closes such streams by itself, or tells of them otherwise', 'whenGoneForProtocol'),
  ).toBe('gone');
});
