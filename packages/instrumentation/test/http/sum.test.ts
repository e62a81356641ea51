/** The sum: what was sent is what was counted, to the unit, whatever happened in between. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { byStatusClass, expectConsistent, inFlight, total } from './support/counts.js';
import { type CountedServer, FORMS } from './support/forms.js';
import { addTrafficRoutes, type Exchange, hangingRequest, nextExchange, pick, randomFrom } from './support/random-traffic.js';
import { RawClient } from './support/raw-client.js';

const REQUESTS = 100_000;
const CONNECTIONS = 50;
const SEED = 20_261_121;
const WAIT = { timeout: 20_000, interval: 10 };

/** What one client has sent, by the class of the status it must be counted with. */
type Sent = Record<string, number>;

describe.each(FORMS)('in $form', ({ start }) => {
  test('100,000 random requests over many connections', { timeout: 120_000 }, async () => {
    const server = await start(addTrafficRoutes);
    const arrivals = arrivalsOf(server);
    const share = REQUESTS / CONNECTIONS;
    const sent = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, index) => converse(server, arrivals, { seed: SEED + index, requests: share })),
    );
    const expected: Sent = {};
    for (const each of sent) for (const [group, count] of Object.entries(each)) expected[group] = (expected[group] ?? 0) + count;
    await vi.waitFor(async () => expect(await inFlight(server.registry)).toBe(0), WAIT);
    await server.close();
    expect(await total(server.registry)).toBe(REQUESTS);
    expect(await byStatusClass(server.registry)).toEqual(expected);
    await expectConsistent(server.registry);
  });

  test('clients that go away whenever they like: as many counts as requests that arrived', { timeout: 60_000 }, async () => {
    const server = await start(addTrafficRoutes);
    let arrived = 0;
    server.fastify.server.on('request', () => {
      arrived += 1;
    });
    const random = randomFrom(SEED);
    for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 25 }, () => leaveEarly(server.port, random)));
    await server.close();
    await vi.waitFor(async () => expect(await inFlight(server.registry)).toBe(0), WAIT);
    expect(arrived).toBeGreaterThan(1000);
    expect(await total(server.registry)).toBe(arrived);
    await expectConsistent(server.registry);
  });

  test('a server that closes while clients send and go away: as many counts as requests that arrived', { timeout: 60_000 }, async () => {
    const random = randomFrom(SEED);
    for (let round = 0; round < 40; round += 1) {
      const server = await start(addTrafficRoutes);
      let arrived = 0;
      server.fastify.server.prependListener('request', () => {
        arrived += 1;
      });
      // Some find that it listens no longer.
      const leaving = Promise.allSettled(Array.from({ length: 40 }, () => leaveEarly(server.port, random)));
      const turns = pick(random, 12);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      await server.close();
      await leaving;
      await vi.waitFor(async () => expect(await inFlight(server.registry)).toBe(0), WAIT);
      expect(await total(server.registry)).toBe(arrived);
    }
  });
});

/** One client: batches of pipelined requests, now and then a new connection, nonsense, or leaving while the server works. */
async function converse(server: CountedServer, arrivals: Arrivals, { seed, requests }: { seed: number; requests: number }): Promise<Sent> {
  const random = randomFrom(seed);
  const sent: Sent = {};
  const add = (status: number) => {
    const group = `${Math.floor(status / 100)}xx`;
    sent[group] = (sent[group] ?? 0) + 1;
  };
  let client = await RawClient.connect(server.port);
  let left = requests;
  for (let batch = 0; left > 0; batch += 1) {
    const exchanges = Array.from({ length: Math.min(left, 1 + pick(random, 16)) }, () => nextExchange(random));
    left -= exchanges.length;
    const ending = pick(random, 40);
    if (ending === 0) await abandon(client, arrivals, { id: `${seed}-${batch}`, behind: exchanges.slice(1) });
    else if (ending === 1 && left > 0) await askThenTalkNonsense(client, exchanges);
    else await askAll(client, exchanges);
    for (const { status } of exchanges) add(ending === 0 ? 499 : status);
    if (ending === 1 && left > 0) {
      add(400);
      left -= 1;
    }
    if (ending > 2) continue;
    client.socket.destroy();
    client = await RawClient.connect(server.port);
  }
  client.socket.destroy();
  return sent;
}

async function askAll(client: RawClient, exchanges: readonly Exchange[]): Promise<void> {
  client.write(exchanges.map(({ text }) => text).join(''));
  await client.answers(exchanges.length);
  expect(client.takeStatuses()).toEqual(exchanges.map(({ status }) => status));
}

async function askThenTalkNonsense(client: RawClient, exchanges: readonly Exchange[]): Promise<void> {
  await askAll(client, exchanges);
  await client.write('nonsense\r\n\r\n').closed();
}

/** Leaves when the server has begun all of a pipeline whose first request is never answered. */
async function abandon(client: RawClient, arrivals: Arrivals, { id, behind }: { id: string; behind: readonly Exchange[] }): Promise<void> {
  const last = `${id}-last`;
  const texts = [hangingRequest(behind.length === 0 ? last : id), ...behind.map(({ text }) => text)];
  if (behind.length > 0) texts[texts.length - 1] = hangingRequest(last);
  const arrived = arrivals.of(last);
  client.write(texts.join(''));
  await arrived;
  await client.abort();
}

async function leaveEarly(port: number, random: () => number): Promise<void> {
  const client = await RawClient.connect(port);
  const exchanges = Array.from({ length: 1 + pick(random, 8) }, () => nextExchange(random));
  const texts = [...exchanges.map(({ text }) => text), ...(pick(random, 2) === 0 ? [hangingRequest('early')] : [])];
  client.write(texts.join(''));
  const turns = pick(random, 6);
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
  await (pick(random, 2) === 0 ? client.abort() : client.reset());
}

/** The server's side of the truth: which requests have arrived. */
interface Arrivals {
  of(id: string): Promise<void>;
}

function arrivalsOf({ fastify }: CountedServer): Arrivals {
  const waiting = new Map<string, () => void>();
  fastify.server.on('request', ({ headers }: IncomingMessage) => waiting.get(String(headers['x-id']))?.());
  return { of: (id) => new Promise((resolve) => waiting.set(id, resolve)) };
}
