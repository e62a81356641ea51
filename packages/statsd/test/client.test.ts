/** Single observations of a user. */
import { StatsdClient } from '@tsukimi/statsd';
import { expect, test } from 'vitest';
import { freeUdpPort, PacketListener } from './support/packet-listener.js';
import { StatsdDaemon } from './support/statsd-daemon.js';

test('sends timings and distributions with tags', async () => {
  await using listener = await PacketListener.open();
  const client = new StatsdClient({ port: listener.port, mode: 'dogstatsd', prefix: 'shop', tags: { env: 'test' } });
  client.timing('checkout', 120.5, { method: 'card' });
  client.distribution('basket.value', -3, { env: 'own' });
  await client.close();
  await listener.until('shop.basket');
  expect(listener.packets.map(String)).toEqual(['shop.checkout:120.5|ms|#env:test,method:card\nshop.basket.value:-3|d|#env:own']);
});

test('sends without a call when the time has come, or a packet is full', async () => {
  await using listener = await PacketListener.open();
  const client = new StatsdClient({ port: listener.port, flushIntervalMs: 20 });
  client.timing('soon', 1);
  await listener.until('soon:1|ms');
  for (let index = 0; index < 200; index += 1) client.timing('many', index);
  await listener.until('many:199|ms');
  expect(listener.lines.slice(1)).toEqual(Array.from({ length: 200 }, (_, index) => `many:${index}|ms`));
  expect(client.dropped).toBe(0);
  await client.close();
});

test('never throws: what can not be sent is counted', async () => {
  const client = new StatsdClient({ port: await freeUdpPort() });
  client.timing('negative', -1);
  client.distribution('negative', -1);
  client.timing('nan', Number.NaN);
  client.timing('text', 'x' as never);
  client.timing('long', 1, {
    tag: 'x'.repeat(2_000),
    ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t${index}`, 'a'.repeat(40)])),
  });
  client.timing(Symbol('name') as never, 1);
  client.timing('null', 1, null as never);
  expect(client.dropped).toBe(7);
  await client.close();
  client.timing('late', 1);
  await client.flush();
  expect(client.dropped).toBe(7);
});

test('sends nothing if it is not enabled', async () => {
  const client = new StatsdClient({ enabled: false, port: 0 });
  client.timing('x', 1);
  await client.close();
  expect(client.dropped).toBe(0);
});

test('the reference daemon has each timing of the mode plain', async () => {
  const daemon = await StatsdDaemon.open();
  try {
    await daemon.start();
    const client = new StatsdClient({ port: daemon.port });
    const values = [0, 1e-7, 12.25, 1e21];
    for (const value of values) client.timing('checkout', value, { method: 'card', country: 'de' });
    client.distribution('basket', 5);
    await client.close();
    await expect.poll(() => daemon.timings('basket'), { timeout: 10_000 }).toEqual([5]);
    expect(daemon.timings('checkout.de.card')).toEqual(values);
    expect(daemon.badLines).toBe(0);
  } finally {
    await daemon.close();
  }
});
