import { EventEmitter, once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { get as httpsGet } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { type ApplicationOptions, Body, Controller, Get, Param, Post } from '@tsukimi/core';
import fastify, { type FastifyBaseLogger } from 'fastify';
import { expect, test } from 'vitest';
import { applicationOf, describeError, logSink, rejection, start } from '../start.js';
import { cert, key } from './fixtures/certificate.js';

const arrived = new EventEmitter();

@Controller('/moons')
class Moons {
  @Get('/:id')
  get(@Param('id') id: string): string {
    return id;
  }
  @Post('/')
  add(@Body() body: object): object {
    return body;
  }
  @Get('/never/ends')
  async never(): Promise<void> {
    arrived.emit('request');
    await new Promise(() => undefined);
  }
}

const App = applicationOf([Moons]);
type Options = NonNullable<ApplicationOptions['server']>['fastify'];
const at = (options: Options, shutdownTimeoutMs = 10_000): ApplicationOptions => ({
  configuration: { server: { port: 0, shutdown_timeout_ms: shutdownTimeoutMs } },
  server: { fastify: options ?? {} },
});

test('limits and options of the router apply, without a warning of Fastify', async () => {
  const warnings: string[] = [];
  const listen = ({ message }: Error) => void warnings.push(message);
  process.on('warning', listen);
  const application = await start(App, at({ maxParamLength: 200, ignoreTrailingSlash: true, bodyLimit: 20, caseSensitive: false }));
  const long = 'm'.repeat(150);
  expect((await application.inject(`/moons/${long}/`)).body).toBe(long);
  expect((await application.inject('/MOONS/luna')).body).toBe('luna');
  expect((await application.inject({ method: 'POST', url: '/moons', payload: { name: 'a long name indeed' } })).statusCode).toBe(413);
  await new Promise(setImmediate);
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});

test('HTTPS serves, and a TLS connection without a request does not keep the stop waiting', async () => {
  const application = await start(App, at({ https: { key, cert } }));
  const url = await application.listen();
  const text = await new Promise<string>((resolve, reject) => {
    httpsGet(`${url}/moons/luna`, { ca: cert }, (response) => response.setEncoding('utf8').once('data', resolve)).on('error', reject);
  });
  expect(text).toBe('luna');
  const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', ca: cert });
  await once(socket, 'secureConnect');
  const closed = once(
    socket.on('error', () => undefined),
    'close',
  );
  const before = performance.now();
  await application.close();
  expect(performance.now() - before).toBeLessThan(5000);
  await closed;
});

test.each([
  ['over TLS', { https: { key, cert } }],
  ['over clear text', {}],
])('HTTP/2 %s: idle sessions end with the stop, and one with an endless stream within its timeout', async (_what, tls) => {
  const session = async (shutdownTimeoutMs: number, path: string) => {
    const application = await start(App, at({ http2: true, ...tls }, shutdownTimeoutMs));
    const client: ClientHttp2Session = connectHttp2(await application.listen(), { ca: cert }).on('error', () => undefined);
    const stream = client.request({ ':path': path }).on('error', () => undefined);
    return { application, client, stream };
  };
  const idle = await session(10_000, '/moons/luna');
  expect((await idle.stream.setEncoding('utf8').toArray()).join('')).toBe('luna');
  const before = performance.now();
  await idle.application.close();
  expect(performance.now() - before).toBeLessThan(5000);
  const request = once(arrived, 'request');
  const endless = await session(100, '/moons/never/ends');
  await request;
  const closed = once(endless.client, 'close');
  const again = performance.now();
  await endless.application.close();
  expect(performance.now() - again).toBeLessThan(5000);
  await closed;
});

test.each([
  ['trustProxy', true, 'server.trust_proxy in the configuration'],
  ['logger', false, 'the option logger'],
  ['loggerInstance', {}, 'the option logger, which takes instances too'],
  ['logController', {}, 'logging.level: requests are logged at debug and trace'],
  ['disableRequestLogging', true, 'logging.level: requests are logged at debug and trace'],
  ['forceCloseConnections', true, 'server.shutdown_timeout_ms in the configuration'],
  ['schemaErrorFormatter', () => new Error(), 'an error handler, which gets the RequestInvalidError'],
])('the option %s is refused by name', async (option, value, instead) => {
  expect(describeError(await rejection(start(App, at({ [option]: value } as Options))))).toBe(
    `TSK_ERR_WEB_FASTIFY_OPTION: server.fastify has ${option}, which the framework sets itself. Use ${instead}.`,
  );
});

test('what is refused does not compile', () => {
  // @ts-expect-error: server.trust_proxy says it
  expect(at({ trustProxy: true })).toBeTypeOf('object');
});

test('a pino instance is the logger, with its own level and serializers; an error that it cannot serialize is logged', async () => {
  const { lines, logger } = logSink();
  const own = fastify({ logger: { ...logger, level: 'warn', base: { app: 'shop' } } }).log;
  const application = await start(App, { configuration: { logging: { level: 'trace' } }, logger: own });
  application.logger.info('unheard');
  application.logger.error({ err: Object.freeze(new RangeError('full')) }, 'heard');
  expect(lines).toMatchObject([{ level: 50, msg: 'heard', app: 'shop', err: { type: 'RangeError', message: 'full' } }]);
});

test('a logger of another kind is one too', async () => {
  const lines: unknown[][] = [];
  const log = (...line: unknown[]) => void lines.push(line);
  const own = { level: 'info', info: log, error: log, warn: log, debug: log, trace: log, fatal: log, silent: log, child: () => own };
  const application = await start(App, { configuration: { server: { port: 0 } }, logger: own as unknown as FastifyBaseLogger });
  const url = await application.listen();
  expect(lines).toEqual([[`App listens on ${url}`]]);
});
