/** Connections that are given up are closed, at whatever moment. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../../test/support/redis-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { OwnClient } from '../../src/connection/own-client.js';

const REDIS = requireBinary('redis-server');

/** A server that accepts connections, and never answers. */
async function silentServer() {
  const open = new Set<unknown>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.resume().on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, open };
}

describe.skipIf(REDIS.skipReason)('a connection that is given up while it is opened', () => {
  test.each([
    ['of one server', false],
    ['of a cluster', true],
  ])('%s', async (_, isCluster) => {
    await using redis = await RedisServer.start(REDIS.path, { isNode: isCluster });
    if (isCluster) await redis.formCluster();
    const client = new OwnClient({ url: redis.url, isCluster });
    onTestFinished(() => client.close());
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const reason = new Error('too late');
      const controller = new AbortController();
      const sent = client.send(['GET', 'key'], { signal: controller.signal, key: 'key' });
      controller.abort(reason);
      await expect(sent).rejects.toBe(reason);
    }
    // Redis accepts one connection after the other: it has those of before when it answers the question.
    const connections = async () =>
      String(await redis.ask('CLIENT', 'LIST'))
        .trim()
        .split('\n');
    await waitUntil('only the question has a connection', async () => (await connections()).length === 1);
  });
});

test('a connection that is given up while the server does not answer', async () => {
  const { port, open } = await silentServer();
  const client = new OwnClient({ url: `redis://127.0.0.1:${port}`, isCluster: false });
  const controller = new AbortController();
  const sent = client.send(['GET', 'key'], { signal: controller.signal, key: 'key' });
  await waitUntil('it is open', () => open.size === 1);
  controller.abort(new Error('too late'));
  await expect(sent).rejects.toThrow('too late');
  await waitUntil('it is closed', () => open.size === 0);
});
