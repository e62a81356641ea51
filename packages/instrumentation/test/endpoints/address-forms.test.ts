/** What is read as an address: what Node's `net.isIP` reads, and nothing else, whoever wrote it. */
import { BlockList, isIP } from 'node:net';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { type FastifyInstance, fastify } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';

const PROXY = '127.0.0.9';

async function serverFor(allowedIps: readonly string[]): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(httpInstrumentation, { registry: new MetricsRegistry(), allowedIps, trustProxy: [PROXY], processMetrics: false });
  return app as FastifyInstance;
}

/** Whether a client that a trusted proxy calls so may read. */
async function isAllowed(app: FastifyInstance, forwarded: string): Promise<boolean> {
  const { statusCode } = await app.inject({
    url: '/metrics/prometheus?name[]=none',
    remoteAddress: PROXY,
    headers: { 'x-forwarded-for': forwarded },
  });
  return statusCode === 200;
}

describe('from a trusted proxy', () => {
  let everyone: FastifyInstance;
  let some: FastifyInstance;
  beforeAll(async () => {
    everyone = await serverFor(['0.0.0.0/0', '::/0']);
    some = await serverFor(['10.0.0.0/8', 'fd00::/9', '::1']);
  });

  test.each([
    '::ffff:010.0.0.1',
    '::ffff:0x0a.0.0.1',
    '::ffff:10.0.0.1.',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.1',
    '167772161',
    '10.0.0.1\u00a0',
    '\u00a010.0.0.1',
    '\ufeff10.0.0.1',
    '10.0.0.1\u2003',
    '10.0.0.1\v',
    '10.0.0.1\f',
    '10.0.0.1 10.0.0.1',
    '10.0.0.1/8',
    '[10.0.0.1',
    '10.0.0.1]',
    '[10.0.0.1]',
    '[10.0.0.1]:4711',
    '10.0.0.1:',
    '10.0.0.1:x',
    '::1%lo',
    '10.0.0.1%lo',
    '::ffff:10.0.0.1%lo',
    '"10.0.0.1"',
    'unknown',
    '',
    ',',
    '10.0.0.1,',
    '10.0.0.1, ',
  ])('%j is no address', async (hop) => {
    expect(await isAllowed(everyone, hop)).toBe(false);
  });

  test.each(['10.0.0.1', ' 10.0.0.1\t', '10.0.0.1:4711', '[::1]', '[::1]:4711', '::FFFF:10.0.0.1', 'FD00::A', '::1', ',10.0.0.1'])(
    '%j is one',
    async (hop) => {
      expect(await isAllowed(some, hop)).toBe(true);
    },
  );

  test.each(['::10.0.0.1', '::a00:1', '0:0:0:0:0:0:10.0.0.1', '[::10.0.0.1]', '64:ff9b::10.0.0.1', '::ffff:0:10.0.0.1', '2002:a00:1::'])(
    '%j is another address than 10.0.0.1',
    async (hop) => {
      expect(await isAllowed(everyone, hop)).toBe(true);
      expect(await isAllowed(some, hop)).toBe(false);
    },
  );

  test.each([['::10.0.0.1'], ['::10.0.0.0/120'], ['::a00:1'], ['::a00:0/120']])('%j lists the IPv6 address alone', async (entry) => {
    const app = await serverFor([entry]);
    const clients = ['::10.0.0.1', '::a00:1', '10.0.0.1', '::ffff:10.0.0.1'];
    expect(await Promise.all(clients.map((client) => isAllowed(app, client)))).toEqual([true, true, false, false]);
  });

  test.each([['::ffff:10.0.0.1'], ['::ffff:10.0.0.0/104'], ['::ffff:a00:0/104']])('%j lists the IPv4 addresses', async (entry) => {
    const app = await serverFor([entry]);
    const clients = ['10.0.0.1', '::ffff:10.0.0.1', '::ffff:a00:1', '::10.0.0.1'];
    expect(await Promise.all(clients.map((client) => isAllowed(app, client)))).toEqual([true, true, true, false]);
  });

  const octet = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom('', '00', '010', '0x0a', '08', ' 1', '1 '));
  const dotted = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
  const group = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
    fc.constantFrom('', '', 'ffff', 'FD00', 'fd7f', 'g', '00000', '0001'),
  );
  const colons = fc.array(group, { minLength: 2, maxLength: 9 }).map((parts) => parts.join(':'));
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    dotted,
    colons,
    dotted.map((text) => `::ffff:${text}`),
    fc.tuple(colons, dotted).map(([left, right]) => `${left}:${right}`),
    fc.ipV4().map((text) => `::ffff:${text}`),
    fc
      .tuple(fc.constantFrom('::', '0::', '::0:', 'fd00::', '::ffff:0:', '64:ff9b::'), fc.nat(255))
      .map(([start, last]) => `${start}10.0.0.${last}`),
  );
  const mutated = fc
    .tuple(address, fc.nat(), fc.constantFrom('', '', '', '\u00a0', '\ufeff', ' ', '0', 'x', '%a', ':', '.', '::'))
    .map(([text, at, extra]) => text.slice(0, at % (text.length + 1)) + extra + text.slice(at % (text.length + 1)));

  test('whatever it says, as net.isIP and net.BlockList see it', async () => {
    const list = new BlockList();
    list.addSubnet('10.0.0.0', 8, 'ipv4');
    list.addSubnet('fd00::', 9, 'ipv6');
    list.addAddress('::1', 'ipv6');
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        // Commas, ports, brackets, zones and spaces around it have tests of their own.
        const hop = text.replace(/^[ \t]+|[ \t]+$/g, '');
        fc.pre(!/[%[\],]|^[\d.]+:\d+$/.test(hop));
        const version = isIP(hop);
        expect(await isAllowed(everyone, hop), hop).toBe(version !== 0);
        if (version !== 0) expect(await isAllowed(some, hop), hop).toBe(list.check(hop, version === 4 ? 'ipv4' : 'ipv6'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('link-local peers', () => {
  const names = ['eth0', 'br-1a2b', 'eth0.100', 'wg_home', 'veth@if7', 'docker0:1', 'a+b', '3'];
  test.each(names)('over an interface called %s', async (name) => {
    const [linkLocal, address, other] = [
      await serverFor(['linklocal']),
      await serverFor(['fe80::1']),
      await serverFor(['fe80::2', 'fd00::/8']),
    ];
    const status = async (app: FastifyInstance, peer: string) => (await app.inject({ url: '/metrics', remoteAddress: peer })).statusCode;
    for (const peer of [`fe80::1%${name}`, `FE80::1%${name}`]) {
      expect(await status(linkLocal, peer)).toBe(200);
      expect(await status(address, peer)).toBe(200);
      expect(await status(other, peer)).toBe(404);
    }
  });
});
