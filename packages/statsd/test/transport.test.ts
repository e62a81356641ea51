/** UDP and Unix sockets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricsRegistry } from '@tsukimi/metrics';
import { exportToStatsd, StatsdClient } from '@tsukimi/statsd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unixDgramFailure } from '../src/private-api.js';
import { Transport } from '../src/transport.js';
import { PacketListener } from './support/packet-listener.js';
import { UnixListener } from './support/unix-listener.js';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['::1', '::1'],
])('%s is reached', async (host, address) => {
  await using listener = await PacketListener.open({ address });
  const transport = new Transport({ host, port: listener.port, socket: undefined });
  await transport.send('a:1|c\nb:2|c');
  await listener.until('b:2|c');
  await transport.close();
  expect(listener.packets).toEqual([Buffer.from('a:1|c\nb:2|c')]);
});

test('a packet that is too long for the network is not sent, and says so', async () => {
  const transport = new Transport({ host: '127.0.0.1', port: 8125, socket: undefined });
  await expect(transport.send('x'.repeat(70_000))).rejects.toMatchObject({ code: 'EMSGSIZE' });
  await transport.close();
});

test('of several packets, each is sent or says why not', async () => {
  await using listener = await PacketListener.open({ address: '127.0.0.1' });
  const transport = new Transport({ host: 'localhost', port: listener.port, socket: undefined });
  const failures = await transport.sendAll(['a:1|c', 'x'.repeat(70_000), 'b:1|c']);
  expect(failures).toEqual([undefined, expect.objectContaining({ code: 'EMSGSIZE' }), undefined]);
  await listener.until('b:1|c');
  await transport.close();
  expect(listener.packets).toEqual([Buffer.from('a:1|c'), Buffer.from('b:1|c')]);
});

// unix-dgram is compiled for one version of Node.js, where there is a compiler.
describe.skipIf(unixDgramFailure())('a Unix socket', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'statsd-'));
    path = join(folder, 'dsd.socket');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('takes packets of 8 KiB, and gets everything once when it is absent at first, and restarted', async () => {
    const registry = new MetricsRegistry();
    const counter = registry.counter({ name: 'parts_total', help: 'h', labelNames: ['part'] });
    const record = () => {
      for (let part = 0; part < 500; part += 1) counter.inc({ part: `part-${part}` });
    };
    record();
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (_: object, message: string) => void warnings.push(message) };
    const loop = exportToStatsd(registry, { socket: path, intervalMs: 60_000, timeoutMs: 20_000, flushTimeoutMs: 20_000, logger });
    expect(await loop.flush()).toBe(false);
    expect(warnings).toEqual([expect.stringContaining(`The exporter statsd does not reach unix://${path}: Error: ENOENT at ${path}`)]);

    const received: Buffer[] = [];
    for (let start = 0; start < 3; start += 1) {
      const server = UnixListener.open(path);
      await expect.poll(() => loop.flush()).toBe(true);
      await server.until(`parts.part-499:1|c`);
      received.push(...server.packets);
      server.close();
      record();
      expect(await loop.flush()).toBe(false);
    }
    const sums = new Map<string, number>();
    for (const line of received
      .join('\n')
      .split('\n')
      .filter((each) => each.startsWith('parts.'))) {
      const [name = '', value] = line.split(/[:|]/);
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    expect([...sums]).toEqual(Array.from({ length: 500 }, (_, part) => [`parts.part-${part}`, 3]));
    const longest = Math.max(...received.map(({ length }) => length));
    expect(longest).toBeGreaterThan(8_000);
    expect(longest).toBeLessThanOrEqual(8_192);
    await loop.stop({ timeoutMs: 0 });
  });

  test('takes the observations of a client', async () => {
    const server = UnixListener.open(path);
    const client = new StatsdClient({ socket: path });
    client.timing('checkout', 5);
    await client.close();
    await server.until('checkout:5|ms');
    expect(client.dropped).toBe(0);
    server.close();
    const alone = new StatsdClient({ socket: path });
    alone.timing('checkout', 5);
    await alone.close();
    expect(alone.dropped).toBe(1);
  });
});
