/** What an error of `tsukimi top` keeps of a failed request. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { metricsAddress } from '../../src/top/address.js';
import { fetchReading } from '../../src/top/client.js';

const PASSWORD = 'moonlight-canary';

/** A server that answers each request as it is told, byte for byte. */
async function rawServer(answer: (request: string, socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).on('data', (data) => answer(String(data), socket)));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

it.each<[string, (request: string, socket: Socket) => void]>([
  ['repeats the request where a status line should be', (request, socket) => socket.end(request)],
  [
    'redirects to an address with the credentials',
    (_, socket) => socket.end(`HTTP/1.1 302 Found\r\nLocation: ftp://moon:${PASSWORD}@127.0.0.1/metrics\r\nContent-Length: 0\r\n\r\n`),
  ],
  ['hangs up', (_, socket) => socket.destroy()],
  ['says nothing', () => {}],
])('nothing of the credentials is in it where the other side %s', async (_, answer) => {
  const port = await rawServer(answer);
  const address = metricsAddress(`http://moon:${PASSWORD}@127.0.0.1:${port}`);
  const error: unknown = await fetchReading(address, { timeoutMs: 1_000 }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: expect.stringMatching(/^TSK_ERR_REMOTE_(UNREACHABLE|TIMEOUT)$/), cause: expect.anything() });
  const shown = inspect(error, { depth: null, maxStringLength: null, maxArrayLength: null });
  const encoded = Buffer.from(`moon:${PASSWORD}`).toString('base64').replace(/=+$/, '');
  for (const secret of [PASSWORD, encoded]) expect(shown).not.toContain(secret);
});
