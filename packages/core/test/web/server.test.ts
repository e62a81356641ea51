/** The Fastify instance: its default answers, its log, whom it trusts, and how it ends, over real sockets. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { Controller, Get, Req } from '@tsukimi/core';
import { type FastifyRequest, fastify } from 'fastify';
import { expect, test } from 'vitest';
import { serve } from './serve.js';

@Controller('/server')
class Server {
  @Get('/ip') ip(@Req() request: FastifyRequest) {
    return { ip: request.ip };
  }
  @Get('/broken-stream') brokenStream() {
    return Readable.from(
      (async function* () {
        yield 'a'.repeat(100_000);
        throw new Error('stream broke');
      })(),
    );
  }
}

test('an unknown path is answered byte for byte as by plain Fastify', async () => {
  const plain = fastify();
  const { app } = await serve([Server]);
  for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'] as const) {
    for (const url of ['/nothing', '/server/', '/server/nothing?a=1', '/%zz']) {
      const expected = await plain.inject({ method, url });
      const actual = await app.inject({ method, url });
      const { date: _expectedDate, ...expectedHeaders } = expected.headers;
      const { date: _actualDate, ...actualHeaders } = actual.headers;
      expect(actual.statusCode).toBe(expected.statusCode);
      expect(actual.rawPayload).toEqual(expected.rawPayload);
      expect(actualHeaders).toEqual(expectedHeaders);
    }
  }
  await plain.close();
});

test.each([
  [[], '1.2.3.4', '127.0.0.1'],
  [['127.0.0.1'], '1.2.3.4', '1.2.3.4'],
  [['127.0.0.0/8'], '1.2.3.4, 5.6.7.8', '5.6.7.8'],
  [['127.0.0.1', '5.6.7.8'], '1.2.3.4, 5.6.7.8', '1.2.3.4'],
  [['10.0.0.0/8'], '1.2.3.4', '127.0.0.1'],
  [['loopback'], '1.2.3.4', '1.2.3.4'],
  [['::ffff:127.0.0.0/104'], '1.2.3.4', '1.2.3.4'],
  [['::ffff:127.0.0.1'], '1.2.3.4', '1.2.3.4'],
  [['127.0.0.1', 'linklocal'], '1.2.3.4, fe80::1%br-1a2b', '1.2.3.4'],
  [['127.0.0.1', '10.0.0.0/8'], '1.2.3.4, 10.1, 10.0.0.1', '10.1'],
])('with trust_proxy %j and X-Forwarded-For %s the client is %s', async (proxies, forwarded, ip) => {
  const { app } = await serve([Server], { configuration: { server: { port: 0, trust_proxy: proxies } } });
  const url = await app.listen();
  const response = await fetch(new URL('/server/ip', url), { headers: { 'x-forwarded-for': forwarded } });
  expect(await response.json()).toEqual({ ip });
});

test('requests are logged at debug only', async () => {
  const quiet = await serve([Server]);
  await quiet.send('GET /server/ip');
  await quiet.send('GET /nothing');
  expect(quiet.logs.filter(({ msg }) => /request|not found/i.test(msg))).toEqual([]);
  const verbose = await serve([Server], { configuration: { logging: { level: 'debug' } } });
  await verbose.send('GET /server/ip');
  await verbose.send('GET /nothing');
  expect(verbose.logs.map(({ msg }) => msg).filter((msg) => /request|not found/i.test(msg))).toEqual([
    'incoming request',
    'request completed',
    'incoming request',
    'Route GET:/nothing not found',
    'request completed',
  ]);
});

test('a stream that breaks is logged though requests are not', async () => {
  const { app, logs } = await serve([Server]);
  const url = new URL('/server/broken-stream', await app.listen());
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect(logs.filter(({ level }) => level >= 40)).toMatchObject([{ err: { message: 'stream broke' } }]);
});

test('closing ends idle connections at once', async () => {
  const { app } = await serve([Server]);
  const url = new URL(await app.listen());
  const socket = connect(Number(url.port), url.hostname);
  socket.write('GET /server/ip HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  const ended = once(socket, 'close');
  await app.close();
  await ended;
});
