/** The endpoints on a port of their own: who may read them, what is on which port, and how it opens and closes. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Controller, Get } from '@tsukimi/core';
import { httpInstrumentation, InstrumentationProvider } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exchange, statusOf } from '../support/raw-http.js';
import { describeError, instrumentedApplication, listen, start, startFailure } from '../support/start.js';

@Controller('/api/moons')
class MoonController {
  @Get('/')
  all() {
    return ['Luna'];
  }
}

const App = instrumentedApplication([MoonController]);

function portOf(origin: string | undefined): number {
  return Number(new URL(origin as string).port);
}

type Settings = Readonly<Record<string, string | number | string[]>>;

/** An application whose endpoints are on a free port. */
async function onOwnPort(configuration: { readonly server?: Settings; readonly metrics?: Settings } = {}) {
  const started = await listen(App, { configuration: { ...configuration, metrics: { port: 0, ...configuration.metrics } } });
  return { ...started, metricsPort: portOf(started.app.fastify.metricsOrigin) };
}

/** A port that somebody else listens on until the test is over. */
async function busyPort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  return (holder.address() as AddressInfo).port;
}

/** Whether somebody listens. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('an application', () => {
  test('has the endpoints there and not on its own port', async () => {
    const { port, metricsPort } = await onOwnPort();
    expect(metricsPort).not.toBe(port);
    for (const target of ['/metrics', '/metrics/prometheus']) {
      expect([target, await statusOf({ port: metricsPort, target }), await statusOf({ port, target })]).toEqual([target, 200, 404]);
    }
    expect([await statusOf({ port, target: '/api/moons' }), await statusOf({ port: metricsPort, target: '/api/moons' })]).toEqual([
      200, 404,
    ]);
  });

  test('counts its own requests and none of the other port’s', async () => {
    const { port, metricsPort } = await onOwnPort();
    await statusOf({ port, target: '/api/moons' });
    await statusOf({ port: metricsPort, target: '/nothing' });
    const text = await exchange({ port: metricsPort, target: '/metrics/prometheus' });
    expect(text.match(/^http_requests_total\{.*$/gm)).toEqual(['http_requests_total{method="GET",path="/api/moons",status="200"} 1']);
    expect(text).toContain('\nhttp_requests_in_flight 0\n');
  });

  test('has the same path and the same allowlist there, and a denied client sees an unknown path', async () => {
    const { metricsPort: port } = await onOwnPort({ metrics: { path: '/numbers', allowed_ips: ['127.0.0.2'] } });
    const status = (target: string, from: string) => statusOf({ port, target, from });
    expect(await Promise.all([status('/numbers', '127.0.0.2'), status('/numbers', '127.0.0.3'), status('/metrics', '127.0.0.2')])).toEqual([
      200, 404, 404,
    ]);
    const masked = async (target: string) =>
      (await exchange({ port, target, from: '127.0.0.3' })).replaceAll(target, '').replace(/Date: .*/, '');
    expect(await masked('/numbers')).toBe(await masked('/numberz'));
    expect(await exchange({ port, target: '/numbers/prometheus?name[]=metrics_access_denied_total', from: '127.0.0.2' })).toContain(
      '\nmetrics_access_denied_total 2\n',
    );
  });

  test('sees clients through its trusted proxies there too', async () => {
    const { metricsPort: port } = await onOwnPort({ server: { trust_proxy: ['127.0.0.1'] }, metrics: { allowed_ips: ['10.0.0.0/8'] } });
    const status = (headers: string[]) => statusOf({ port, target: '/metrics', headers });
    expect([await status(['X-Forwarded-For: 10.1.1.1']), await status(['X-Forwarded-For: 11.1.1.1']), await status([])]).toEqual([
      200, 404, 404,
    ]);
  });

  test('is the origin of the endpoints, and undefined while the server does not listen', async () => {
    const { app } = await start(App, { configuration: { server: { port: 0 }, metrics: { port: 0 } } });
    expect(app.fastify.metricsOrigin).toBeUndefined();
    expect((await app.inject('/metrics')).statusCode).toBe(404);
    await app.listen();
    const origin = app.fastify.metricsOrigin as string;
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await app.close();
    expect(app.fastify.metricsOrigin).toBeUndefined();
    expect(await isOpen(portOf(origin))).toBe(false);
  });

  test('says where they are in its log', async () => {
    const { app, logs } = await onOwnPort();
    expect(logs.map(({ msg }) => msg)).toContain(`the metrics are served on ${app.fastify.metricsOrigin}`);
  });

  test('opens the given port, and on localhost for both versions of IP', async () => {
    const { app, metricsPort } = await onOwnPort({ server: { host: 'localhost' } });
    const hosts = (app.fastify.addresses() as AddressInfo[]).map(({ address }) => address);
    for (const to of hosts) expect(await statusOf({ port: metricsPort, target: '/metrics', to })).toBe(200);
    await app.close();
    const again = await listen(App, { configuration: { metrics: { port: metricsPort } } });
    expect(portOf(again.app.fastify.metricsOrigin)).toBe(metricsPort);
  });

  test('warns of the open door with that port', async () => {
    const { warnings } = await start(App, { configuration: { server: { host: '0.0.0.0', port: 8000 }, metrics: { port: 9464 } } });
    expect(warnings()).toEqual([
      '/metrics can be read by everyone who can connect to 0.0.0.0:9464: list the allowed addresses in metrics.allowed_ips.',
    ]);
  });

  test('has no such port with metrics.enabled: false', async () => {
    const { app } = await listen(App, { configuration: { metrics: { enabled: false, port: 0 } } });
    expect(app.fastify.metricsOrigin).toBeUndefined();
  });
});

describe('a port that can’t be had', () => {
  const inUse = (port: number, fix: string) =>
    `TSK_ERR_WEB_PORT_IN_USE: Port ${port} on 127.0.0.1, the port for the metrics, is in use by another program. Stop it (find it with: lsof -i :${port}), or set ${fix} to another port.`;

  async function listenFailure(app: { listen(): Promise<unknown> }): Promise<string> {
    return app.listen().then(() => 'it listens', describeError);
  }

  test('is one clear error, and neither port is open', async () => {
    const busy = await busyPort();
    const { app } = await start(App, { configuration: { server: { port: 0 }, metrics: { port: busy } } });
    expect(await listenFailure(app)).toBe(inUse(busy, 'metrics.port or TSUKIMI_METRICS_PORT'));
    expect(app.fastify.server.listening).toBe(false);
  });

  test('is closed again where the application’s own is taken, and both open at the next try', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { app } = await start(App, { configuration: { server: { port }, metrics: { port: 0 } } });
    expect(await listenFailure(app)).toContain(`TSK_ERR_WEB_PORT_IN_USE: Port ${port} on 127.0.0.1 is in use`);
    await expect.poll(() => app.fastify.metricsOrigin).toBeUndefined();
    holder.close();
    await once(holder, 'close');
    await app.listen();
    expect([
      await statusOf({ port, target: '/api/moons' }),
      await statusOf({ port: portOf(app.fastify.metricsOrigin), target: '/metrics' }),
    ]).toEqual([200, 200]);
  });

  test('is the application’s own', async () => {
    expect(await startFailure(App, { configuration: { server: { port: 9464 }, metrics: { port: 9464 } } })).toBe(
      "TSK_ERR_ENDPOINT_PORT_SHARED: Port 9464 is the application's own port, but was also set for the metrics. Set metrics.port or TSUKIMI_METRICS_PORT to another port, or to null to serve the metrics on the application's port.",
    );
  });

  test.each<[string, string | number]>([
    ['a word', 'any'],
    ['negative', -1],
    ['too high', 65_536],
    ['a fraction', 9464.5],
  ])('is %s', async (_, port) => {
    const message = await startFailure(App, { configuration: { metrics: { port } } });
    expect(message).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: /);
    for (const part of ['metrics.port', String(port), '65535', 'null']) expect(message).toContain(part);
  });

  test.each<[string, number | undefined]>([
    ['0', 0],
    ['null', undefined],
  ])('comes from the environment as "%s"', async (text, expected) => {
    const { app } = await listen(App, { environment: { TSUKIMI_METRICS_PORT: text } });
    const isOwn = app.fastify.metricsOrigin !== app.fastify.listeningOrigin;
    expect(isOwn).toBe(expected !== undefined);
  });
});

describe('closing', () => {
  test('lets a scrape that is under way finish, and closes its connection with it', async () => {
    const { app, metricsPort } = await onOwnPort();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = new Promise<void>((resolve) => {
      const collect = async () => {
        resolve();
        await released;
      };
      app.resolve(InstrumentationProvider).gauge({ name: 'slow_gauge', help: 'Takes its time.', collect });
    });
    const socket = connect({ port: metricsPort, host: '127.0.0.1' }).setEncoding('latin1');
    let answer = '';
    socket.on('data', (text) => {
      answer += text;
    });
    // Kept alive, as a scraper keeps it.
    socket.write('GET /metrics/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked;
    const closing = app.close();
    await once(app.fastify.server, 'close');
    release();
    await Promise.all([closing, once(socket, 'close')]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('\nslow_gauge 0\n');
    expect(answer.endsWith('0\r\n\r\n')).toBe(true);
  });

  test('does not wait for connections on which nothing happens', async () => {
    const { app, metricsPort } = await onOwnPort();
    const idle = connect({ port: metricsPort, host: '127.0.0.1' });
    const kept = connect({ port: metricsPort, host: '127.0.0.1' });
    await Promise.all([once(idle, 'connect'), once(kept, 'connect')]);
    kept.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(kept, 'data');
    const closed = Promise.all([once(idle, 'close'), once(kept, 'close')]);
    await app.close();
    await closed;
  });

  test('cuts off who does not take the answer, at the end of the shutdown time', async () => {
    const { app, metricsPort } = await onOwnPort({ server: { shutdown_timeout_ms: 200 } });
    const asked = new Promise<void>((resolve) => {
      const collect = () => {
        resolve();
        return new Promise(() => {});
      };
      app.resolve(InstrumentationProvider).gauge({ name: 'stuck_gauge', help: 'Never comes.', collect });
    });
    const stuck = connect({ port: metricsPort, host: '127.0.0.1' });
    stuck.on('error', () => {});
    stuck.resume();
    stuck.write('GET /metrics/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked;
    const closed = once(stuck, 'close');
    await app.close();
    await closed;
    expect(await isOpen(metricsPort)).toBe(false);
  });
});

describe('the plugin', () => {
  // Not an async function: Fastify is a thenable, and would be made ready where it is returned.
  function serve(options: { readonly port?: number | null; readonly path?: string | null }): FastifyInstance {
    const server = fastify();
    onTestFinished(() => server.close());
    // Not awaited, as many write it: the plugin runs when the server is about to listen.
    void server.register(httpInstrumentation, { registry: new MetricsRegistry(), processMetrics: false, ...options });
    return server;
  }

  test('has the endpoints on its own port, however listen is called', async () => {
    const promised = serve({ port: 0 });
    await promised.listen({ host: '127.0.0.1', port: 0 });
    const called = serve({ port: 0 });
    const address = await new Promise<string>((resolve, reject) => {
      called.listen({ host: '127.0.0.1', port: 0 }, (error, given) => (error === null ? resolve(given) : reject(error)));
    });
    expect(address).toBe(called.listeningOrigin);
    for (const server of [promised, called]) {
      expect((await fetch(`${server.metricsOrigin}/metrics`)).status).toBe(200);
      expect((await fetch(`${server.listeningOrigin}/metrics`)).status).toBe(404);
    }
  });

  test('serves them on the server’s port by default', async () => {
    const server = serve({});
    await server.listen({ host: '127.0.0.1', port: 0 });
    expect(server.metricsOrigin).toBe(server.listeningOrigin);
    expect((await fetch(`${server.metricsOrigin}/metrics`)).status).toBe(200);
  });

  test('makes listen fail where the port is taken, by promise and by callback', async () => {
    const busy = await busyPort();
    const expected = `TSK_ERR_WEB_PORT_IN_USE: Port ${busy} on 127.0.0.1, the port for the metrics, is in use by another program. Stop it (find it with: lsof -i :${busy}), or set the option port of httpInstrumentation to another port.`;
    const promised = serve({ port: busy });
    const failure = await promised.listen({ host: '127.0.0.1', port: 0 }).then(() => 'it listens', describeError);
    const called = serve({ port: busy });
    const reported = await new Promise((resolve) => called.listen({ host: '127.0.0.1', port: 0 }, resolve));
    expect([failure, describeError(reported)]).toEqual([expected, expected]);
  });

  test('refuses the port that is the server’s', async () => {
    const port = await busyPort();
    const server = serve({ port });
    const failure = await server.listen({ host: '127.0.0.1', port }).then(() => 'it listens', describeError);
    expect(failure).toContain(`TSK_ERR_ENDPOINT_PORT_SHARED: Port ${port} is the application's own`);
    expect(failure).toContain('the option port of httpInstrumentation');
  });

  test('does not listen after it was closed on the way', async () => {
    const server = serve({ port: 0 });
    await server.ready();
    const listening = server.listen({ host: '127.0.0.1', port: 0 }).then(() => 'it listens', describeError);
    await server.close();
    expect(await listening).toMatch(/^(TSK_ERR_ENDPOINT_SERVER_CLOSED|FST_ERR_REOPENED_CLOSE_SERVER): /);
    expect([server.server.listening, server.metricsOrigin]).toEqual([false, undefined]);
  });

  test.each<[unknown, string | null | undefined, string]>([
    ['9464', undefined, 'port: "9464" is not null or an integer from 0 to 65535'],
    [65_536, undefined, 'port: 65536 is not null or an integer from 0 to 65535'],
    [9464, null, 'port: 9464 is not null, where path is null'],
  ])('refuses the option %o with path %o', async (port, path, message) => {
    const server = serve({ port: port as number, ...(path !== undefined && { path }) });
    await expect(server.ready()).rejects.toThrow(message);
  });
});
