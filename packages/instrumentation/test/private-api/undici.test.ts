/** Whether undici still has what we use of it without being told that we may: each test says what broke. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, fetch as undiciFetch, upgrade } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { carriesHeader, isOfCollectedResponse, type UndiciRequest, whenUpgraded } from '../../src/private-api/undici.js';

const broke = (what: string, where: string): string =>
  `undici or Node.js ${process.version} ${what}: see ${where} in src/private-api/undici.ts`;

async function upstream(): Promise<string> {
  const server = createServer((_, response) => void response.end(Buffer.alloc(8_000_000)));
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function heard(name: string, listener: (message: { readonly request: UndiciRequest; readonly error?: unknown }) => void): void {
  subscribe(name, listener as (message: unknown) => void);
  onTestFinished(() => void unsubscribe(name, listener as (message: unknown) => void));
}

test.each([
  ['fetch', fetch],
  ['undici', undiciFetch],
])('a request of %s has its headers as a list, and takes more', async (_, send) => {
  const origin = await upstream();
  const carried: boolean[] = [];
  heard('undici:request:create', ({ request }) => {
    if (String(request.origin) !== origin) return;
    carried.push(carriesHeader(request, 'x-one'), carriesHeader(request, 'x-two'));
    request.addHeader?.('x-two', '2');
    carried.push(carriesHeader(request, 'x-two'));
  });
  await (await send(`${origin}/`, { headers: { 'X-One': '1' } })).body?.cancel();
  expect(carried, broke('keeps headers elsewhere, so that those of the caller may be sent twice', 'carriesHeader')).toEqual([
    true,
    false,
    true,
  ]);
});

test('an upgraded request says so', async () => {
  const origin = await upstream();
  const statuses: number[] = [];
  heard('undici:request:create', ({ request }) => {
    if (String(request.origin) === origin) whenUpgraded(request, (status) => void statuses.push(status));
  });
  heard('undici:request:headers', ({ request }) => {
    if (String(request.origin) === origin && request.upgrade && typeof request.onUpgrade !== 'function') statuses.push(101);
  });
  const dispatcher = new Agent();
  for (const options of [{ dispatcher }, {}]) (await upgrade(origin, { ...options, protocol: 'test' })).socket.destroy();
  await dispatcher.close();
  expect(
    statuses,
    broke('neither calls onUpgrade of the request nor publishes the upgrade, so that it is not counted', 'whenUpgraded'),
  ).toEqual([101, 101]);
});

test('the request of a collected response fails with a text', async () => {
  const origin = await upstream();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const failed = new Promise<unknown>((resolve) => {
    heard('undici:request:error', ({ request, error }) => {
      if (String(request.origin) === origin) resolve(error);
    });
  });
  const forget = async (): Promise<void> => void (await fetch(origin));
  await forget();
  const collecting = setInterval(collect, 20);
  onTestFinished(() => clearInterval(collecting));
  expect(
    isOfCollectedResponse(await failed),
    broke('ends such requests with another error, which may be counted', 'isOfCollectedResponse'),
  ).toBe(true);
});
