/** Who may read the metrics: by address, by range, through proxies, and whatever a client writes about itself. */
import { BlockList } from 'node:net';
import { Controller, Get, Req } from '@tsukimi/core';
import fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { statusOf } from '../support/raw-http.js';
import { instrumentedApplication, listen, start, startFailure } from '../support/start.js';

interface Setting {
  readonly allowed: readonly string[];
  readonly proxies?: readonly string[];
  readonly host?: string;
}

interface Client {
  readonly from?: string;
  readonly to?: string;
  readonly headers?: readonly string[];
}

const App = instrumentedApplication([]);

/** The status that each client gets. */
async function statuses({ allowed, proxies = [], host = '127.0.0.1' }: Setting, clients: readonly Client[]): Promise<number[]> {
  const configuration = { server: { host, trust_proxy: proxies }, metrics: { allowed_ips: allowed } };
  const { port } = await listen(App, { configuration });
  return Promise.all(clients.map((client) => statusOf({ port, target: '/metrics', ...client })));
}

const from = (...addresses: string[]): Client[] => addresses.map((address) => ({ from: address }));

/** A client at 127.0.0.1 with these lines as its `X-Forwarded-For`. */
const forwarded = (...lines: string[]): Client => ({ headers: lines.map((line) => `X-Forwarded-For: ${line}`) });

describe('the address of the socket', () => {
  test.each<[string, Setting, Client[], number[]]>([
    ['an empty list lets everybody in', { allowed: [] }, from('127.0.0.1', '127.9.9.9'), [200, 200]],
    ['an address', { allowed: ['127.0.0.2'] }, from('127.0.0.2', '127.0.0.1', '127.0.0.20'), [200, 404, 404]],
    ['several', { allowed: ['127.0.0.2', '10.0.0.1', '127.0.0.3'] }, from('127.0.0.2', '127.0.0.3', '127.0.0.4'), [200, 200, 404]],
    ['a range', { allowed: ['127.0.1.0/24'] }, from('127.0.1.0', '127.0.1.255', '127.0.2.0', '127.0.0.255'), [200, 200, 404, 404]],
    [
      'a range that is not on a byte',
      { allowed: ['127.0.0.64/26'] },
      from('127.0.0.64', '127.0.0.127', '127.0.0.63', '127.0.0.128'),
      [200, 200, 404, 404],
    ],
    ['a range written from within', { allowed: ['127.0.1.77/24'] }, from('127.0.1.1', '127.0.2.1'), [200, 404]],
    ['a range of one', { allowed: ['127.0.0.5/32'] }, from('127.0.0.5', '127.0.0.6'), [200, 404]],
    ['the range of all', { allowed: ['0.0.0.0/0'] }, from('127.0.0.5'), [200]],
    ['a name', { allowed: ['loopback'] }, from('127.0.0.5', '127.3.3.3'), [200, 200]],
    ['a name that is not the client’s', { allowed: ['uniquelocal', 'linklocal'] }, from('127.0.0.5'), [404]],
    ['an IPv4-mapped entry', { allowed: ['::ffff:127.0.0.5'] }, from('127.0.0.5', '127.0.0.6'), [200, 404]],
    ['an IPv4-mapped entry in hexadecimal', { allowed: ['::ffff:7f00:5'] }, from('127.0.0.5', '127.0.0.6'), [200, 404]],
    ['an IPv4-mapped range', { allowed: ['::ffff:127.0.1.0/120'] }, from('127.0.1.9', '127.0.2.9'), [200, 404]],
    ['an IPv6 entry is not an IPv4 client', { allowed: ['::1', 'fd00::/8', '::/0'] }, from('127.0.0.1'), [404]],
  ])('%s', async (_, setting, clients, expected) => {
    expect(await statuses(setting, clients)).toEqual(expected);
  });

  test.each<[string, string[], Client[], number[]]>([
    ['an IPv4 client is mapped, and is the IPv4 address', ['127.0.0.5'], from('127.0.0.5', '127.0.0.6'), [200, 404]],
    ['an IPv4 range', ['127.0.1.0/24'], from('127.0.1.1', '127.0.2.1'), [200, 404]],
    ['an IPv6 address', ['::1'], [{ to: '::1' }, { from: '127.0.0.1' }], [200, 404]],
    ['an IPv6 address, written out', ['0:0:0:0:0:0:0:0001'], [{ to: '::1' }], [200]],
    ['an IPv6 range', ['::/127'], [{ to: '::1' }, { from: '127.0.0.1' }], [200, 404]],
    ['an IPv6 range beside it', ['::2/127'], [{ to: '::1' }], [404]],
    ['the mapped range is IPv4, not everything', ['::ffff:0:0/96'], [{ to: '::1' }, { from: '127.0.0.1' }], [404, 200]],
    ['a name', ['loopback'], [{ to: '::1' }, { from: '127.4.4.4' }], [200, 200]],
  ])('on a socket for both versions: %s', async (_, allowed, clients, expected) => {
    expect(await statuses({ allowed, host: '::' }, clients)).toEqual(expected);
  });
});

describe('X-Forwarded-For of a client that is not a proxy is ignored', () => {
  const spoofed = [
    forwarded('10.0.0.1'),
    forwarded('10.0.0.1, 10.0.0.1'),
    forwarded('10.0.0.1', '10.0.0.1'),
    forwarded('10.0.0.1:80'),
    { headers: ['Forwarded: for=10.0.0.1', 'X-Real-IP: 10.0.0.1', 'X-Client-IP: 10.0.0.1', 'True-Client-IP: 10.0.0.1'] },
  ];

  test('without trusted proxies', async () => {
    expect(await statuses({ allowed: ['10.0.0.1'] }, spoofed)).toEqual([404, 404, 404, 404, 404]);
    expect(await statuses({ allowed: ['127.0.0.1'] }, spoofed)).toEqual([200, 200, 200, 200, 200]);
  });

  test('with another proxy that is trusted', async () => {
    expect(await statuses({ allowed: ['10.0.0.1'], proxies: ['127.0.0.7'] }, spoofed)).toEqual([404, 404, 404, 404, 404]);
  });
});

describe('behind one proxy', () => {
  const proxies = ['127.0.0.1'];

  test.each<[string, Client, number]>([
    ['the client the proxy names', forwarded('10.0.0.1'), 200],
    ['another client', forwarded('10.0.0.2'), 404],
    ['what the client wrote stands to the left', forwarded('10.0.0.1, 10.0.0.2'), 404],
    ['the nearest counts', forwarded('10.0.0.2, 10.0.0.1'), 200],
    ['in several headers, the last is the nearest', forwarded('10.0.0.1', '10.0.0.2'), 404],
    ['in several headers, the other way round', forwarded('10.0.0.2', '10.0.0.1'), 200],
    ['a port behind the address', forwarded('10.0.0.1:4711'), 200],
    ['a port behind an IPv6 address', forwarded('[fd00::1]:4711'), 200],
    ['an IPv6 address in brackets', forwarded('[fd00::1]'), 200],
    ['an IPv6 address', forwarded('fd00::1'), 200],
    ['an IPv4-mapped address', forwarded('::ffff:10.0.0.1'), 200],
    ['spaces around it', forwarded('  10.0.0.9 ,   10.0.0.1  '), 200],
    ['an unknown client', forwarded('10.0.0.1, unknown'), 404],
    ['an obfuscated client', forwarded('_hidden'), 404],
    ['garbage', forwarded('10.0.0.1, <script>'), 404],
    ['a number is no address', forwarded('167772161'), 404],
    ['nor is a short form', forwarded('10.1'), 404],
    ['nor an octal one', forwarded('012.0.0.1'), 404],
    ['nor a hexadecimal one', forwarded('0x0a000001'), 404],
    ['nor a range', forwarded('10.0.0.1/32'), 404],
    ['nor nothing', forwarded(''), 404],
    ['nothing at the end', forwarded('10.0.0.1,'), 404],
    ['a thousand hops', forwarded(Array.from({ length: 1000 }, () => '10.0.0.1').join(',')), 200],
  ])('%s', async (_, client, expected) => {
    expect(await statuses({ allowed: ['10.0.0.1', 'fd00::1'], proxies }, [client])).toEqual([expected]);
  });

  test('a request of the proxy itself is the proxy’s', async () => {
    expect(await statuses({ allowed: ['10.0.0.1'], proxies }, [{}])).toEqual([404]);
    expect(await statuses({ allowed: ['127.0.0.1'], proxies }, [{}, forwarded('10.0.0.1')])).toEqual([200, 404]);
  });
});

describe('behind two proxies', () => {
  const chain = (client: string) => [
    forwarded(`${client}, 10.1.0.1`), // both hops wrote
    forwarded(`10.0.0.1, ${client}, 10.1.0.1`), // and the client before them
    forwarded(`10.1.0.1, ${client}, 10.1.0.1`), // in the name of a proxy
    forwarded(`${client}, 10.9.9.9`), // an unknown hop in between is the client
  ];

  test.each<[string, string[]]>([
    ['by addresses', ['127.0.0.1', '10.1.0.1']],
    ['by ranges', ['127.0.0.0/8', '10.1.0.0/16']],
    ['by a name and an address', ['loopback', '10.1.0.1']],
  ])('%s', async (_, proxies) => {
    expect(await statuses({ allowed: ['10.0.0.1'], proxies }, chain('10.0.0.1'))).toEqual([200, 200, 200, 404]);
    expect(await statuses({ allowed: ['10.0.0.1'], proxies }, chain('10.0.0.2'))).toEqual([404, 404, 404, 404]);
  });

  test('only the first is trusted: the second is the client', async () => {
    expect(await statuses({ allowed: ['10.0.0.1'], proxies: ['127.0.0.1'] }, chain('10.0.0.1'))).toEqual([404, 404, 404, 404]);
    expect(await statuses({ allowed: ['10.1.0.1'], proxies: ['127.0.0.1'] }, chain('10.0.0.1').slice(0, 3))).toEqual([200, 200, 200]);
  });

  test('a chain of nothing but proxies ends at the farthest', async () => {
    const setting = { allowed: ['10.1.0.2'], proxies: ['127.0.0.1', '10.1.0.0/16'] };
    expect(await statuses(setting, [forwarded('10.1.0.2, 10.1.0.1'), forwarded('10.1.0.1, 10.1.0.2')])).toEqual([200, 404]);
  });
});

describe('entries that are not addresses stop the start', () => {
  const OTHERWISE = 'Write an IPv4 or IPv6 address (10.0.0.1, ::1) or a range (10.0.0.0/8, fd00::/8).';

  test.each<[string, string]>([
    ['10.0.0/8', 'Write it as 10.0.0.0/8.'],
    ['10/8', 'Write it as 10.0.0.0/8.'],
    ['192.168/16', 'Write it as 192.168.0.0/16.'],
    ['10.0.0.0/33', OTHERWISE],
    ['10.0.0.0/', OTHERWISE],
    ['10.0.0.0/8/8', OTHERWISE],
    ['10.0.0.0/255.0.0.0', OTHERWISE],
    ['10.0.0.0/-1', OTHERWISE],
    ['10.0.0.*', OTHERWISE],
    ['10.0.0.256', OTHERWISE],
    ['010.0.0.1', OTHERWISE],
    ['10.1', OTHERWISE],
    ['10.0.0.1-10.0.0.9', OTHERWISE],
    ['10.0.0.1:80', OTHERWISE],
    ['[::1]', OTHERWISE],
    ['fd00::/129', OTHERWISE],
    ['fd00::1::2', OTHERWISE],
    ['localhost', OTHERWISE],
    ['Loopback', OTHERWISE],
    ['constructor', OTHERWISE],
    ['', OTHERWISE],
    [' 10.0.0.1', OTHERWISE],
  ])('%j', async (entry, fix) => {
    const configuration = { metrics: { allowed_ips: ['127.0.0.1', entry] } };
    // What has the form of an IPv4 address is shown; anything else may be a secret in the wrong place.
    const isShown = ['', 'localhost'].includes(entry) || /^\d{1,3}(\.\d{1,3}){0,3}(\/\d{1,3})?$/.test(entry);
    expect(await startFailure(App, { configuration })).toBe(
      `TSK_ERR_ENDPOINT_ADDRESS: metrics.allowed_ips[1]: ${isShown ? JSON.stringify(entry) : `a text of ${entry.length} characters`} is not an address or CIDR range (configuration option). ${fix}`,
    );
  });
});

describe('as a rule', () => {
  const v4 = fc.ipV4();
  const range = fc.tuple(v4, fc.integer({ min: 0, max: 32 }));

  test('a range has the addresses that Node’s own BlockList gives it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(range, { minLength: 1, maxLength: 4 }),
        fc.array(v4, { minLength: 1, maxLength: 20 }),
        async (ranges, addresses) => {
          const list = new BlockList();
          for (const [network, bits] of ranges) list.addSubnet(network, bits, 'ipv4');
          const near = ranges.map(([network]) => network.replace(/\d+$/, '7'));
          const { app } = await start(App, {
            configuration: { metrics: { allowed_ips: ranges.map((each) => each.join('/')) } },
            logger: false,
          });
          for (const remoteAddress of [...addresses, ...near]) {
            const { statusCode } = await app.inject({ url: '/metrics', remoteAddress });
            expect(statusCode, remoteAddress).toBe(list.check(remoteAddress) ? 200 : 404);
          }
          await app.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('the client is whom Fastify takes for it, given the same proxies', async () => {
    @Controller()
    class WhoController {
      @Get('/who')
      who(@Req() request: FastifyRequest) {
        return { ip: request.ip };
      }
    }
    const proxies = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'];
    const configuration = { server: { trust_proxy: proxies }, metrics: { allowed_ips: ['255.255.255.255'] } };
    const { app, logs } = await start(instrumentedApplication([WhoController]), { configuration });
    const hop = fc.oneof(fc.constantFrom('10.0.0.1', '10.9.9.9', 'fd00::1', '127.0.0.1', '::ffff:10.0.0.2'), fc.ipV4(), fc.ipV6());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('127.0.0.1', '10.1.1.1', '192.0.2.1', '::ffff:127.0.0.1'),
        fc.array(hop, { maxLength: 5 }),
        async (remoteAddress, hops) => {
          const request = { remoteAddress, headers: hops.length === 0 ? {} : { 'x-forwarded-for': hops.join(', ') } };
          const { ip } = (await app.inject({ url: '/who', ...request })).json();
          await app.inject({ url: '/metrics', ...request });
          expect(logs.at(-1)).toMatchObject({ msg: 'metrics access denied', address: ip, peer: remoteAddress });
        },
      ),
      { numRuns: 300 },
    );
  });
});
