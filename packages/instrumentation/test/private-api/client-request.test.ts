/** Whether Node's outgoing requests still have what we use of them without being told that we may: each test says what broke. */
import { once } from 'node:events';
import { type ClientRequest, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hostHeaderOf, isCutByServer, isHungUpHere, upgradeStatusOf } from '../../src/private-api/client-request.js';

const broke = (what: string, where: string): string =>
  `Node.js ${process.version} ${what}: see ${where} in src/private-api/client-request.ts`;

async function upstream(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/drop') request.socket.destroy();
    else if (request.url === '/cut') response.writeHead(200, { 'content-length': 100 }).write('a part', () => request.socket.destroy());
    else if (request.url === '/part') response.writeHead(200, { 'content-length': 100 }).write('a part');
  });
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a request that hangs up is told from a server that does', async () => {
  const origin = await upstream();
  const dropped = get(`${origin}/drop`);
  const told: boolean[] = [];
  const tell = (request: ClientRequest): Promise<void> =>
    new Promise((resolve) => {
      request.on('error', (error) => {
        told.push(isHungUpHere(request, error));
        resolve();
      });
    });
  await tell(dropped);
  const destroyed = get(`${origin}/hang`);
  await once(destroyed, 'finish');
  await tell(destroyed.destroy());
  expect(
    told,
    broke('reports its own hang-up otherwise, so that it is counted as a reset, or the other way round', 'isHungUpHere'),
  ).toEqual([false, true]);
});

test('a request that was upgraded has the response', async () => {
  const request = get(await upstream(), { headers: { connection: 'upgrade', upgrade: 'test' } });
  const closed = once(request, 'close');
  const [, socket] = await once(request, 'upgrade');
  socket.destroy();
  await closed;
  expect(upgradeStatusOf(request), broke('keeps the response elsewhere, so that upgrades are counted as aborted', 'upgradeStatusOf')).toBe(
    101,
  );
});

test('a response that the server has cut is told from one that was destroyed here', async () => {
  const origin = await upstream();
  const told: boolean[] = [];
  for (const path of ['/cut', '/part']) {
    const request = get(`${origin}${path}`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    const closed = new Promise<void>((resolve) => {
      request.once('close', () => {
        told.push(isCutByServer(request, response));
        resolve();
      });
    });
    response.resume();
    if (path === '/part') response.once('data', () => response.destroy());
    await closed;
  }
  expect(told, broke('no longer says which side has ended a connection', 'isCutByServer')).toEqual([true, false]);
});

test('a request has its host with the port in a header', async () => {
  const origin = await upstream();
  const { host } = new URL(origin);
  const hosts = [{}, { headers: ['X-One', '1', 'Host', host] as never }].map((options) => {
    const request = get(`${origin}/hang`, options);
    const header = hostHeaderOf(request);
    request.on('error', () => {}).destroy();
    return header;
  });
  expect(hosts, broke('keeps headers elsewhere, so that labels lack the port', 'hostHeaderOf')).toEqual([host, host]);
});
