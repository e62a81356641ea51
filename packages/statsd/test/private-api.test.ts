/** What is used of hot-shots that it does not document: fails if a new version changes it. */
import { afterEach, expect, test, vi } from 'vitest';
import { rawClient } from '../src/private-api.js';
import { PacketListener } from './support/packet-listener.js';

afterEach(() => vi.unstubAllEnvs());

test('send() passes a text on as it is, one packet for each call, and calls back when it was sent', async () => {
  for (const name of ['DD_SERVICE', 'DD_ENV', 'DD_VERSION', 'DD_TAGS', 'DD_ENTITY_ID', 'DD_EXTERNAL_ENV', 'DD_CARDINALITY'])
    vi.stubEnv(name, 'low');
  await using listener = await PacketListener.open();
  const client = rawClient({ protocol: 'udp', host: '127.0.0.1', port: listener.port });
  const texts = ['a:1|c|#x:y\nb:-2|g', 'c:3|c'];
  for (const text of texts) expect(await new Promise((resolve) => client.send(text, [], resolve))).toBeNull();
  await listener.until('c:3|c');
  expect(listener.packets.map(String)).toEqual(texts);
  expect(client.socket).toBeTruthy();
  expect(await new Promise((resolve) => client.close(resolve))).toBeUndefined();
});

test('without a server at a Unix socket, a client has no transport, and says why by its error handler', async () => {
  const errors: unknown[] = [];
  const client = rawClient({ protocol: 'uds', path: '/nowhere/dsd.socket', errorHandler: (error) => errors.push(error) });
  expect(client.socket).toBeNull();
  expect(errors).toHaveLength(1);
});
