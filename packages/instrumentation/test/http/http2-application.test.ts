/** An application of the framework over HTTP/2 that closes while clients hold streams. */
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { Controller, Get } from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { instrumentedApplication, listen } from '../support/start.js';
import { CERTIFICATE } from './support/certificate.js';
import { expectCounts, waitForInFlight } from './support/counts.js';

@Controller('/moons')
class Moons {
  @Get('/luna')
  luna(): string {
    return 'Luna';
  }
  @Get('/never')
  never(): Promise<string> {
    return new Promise(() => {});
  }
  @Get('/huge')
  huge(): Buffer {
    return Buffer.alloc(4_000_000);
  }
}

const App = instrumentedApplication([Moons]);
const SHUTDOWN_MS = 300;

test.each([
  ['clear text', {}],
  ['TLS', { https: CERTIFICATE }],
])('over %s, a close ends in time, nothing stays in flight, and every stream is counted', async (_, tls) => {
  const { app, port } = await listen(App, {
    configuration: { server: { shutdown_timeout_ms: SHUTDOWN_MS } },
    server: { fastify: { http2: true, ...tls } },
  });
  const registry = app.resolve(MetricsRegistry);
  const sessions: ClientHttp2Session[] = [];
  const open = (path: string): ClientHttp2Stream => {
    const session = connect(`${'https' in tls ? 'https' : 'http'}://127.0.0.1:${port}`, { rejectUnauthorized: false });
    sessions.push(session.on('error', () => {}));
    onTestFinished(() => session.destroy());
    return session.request({ ':path': path }).on('error', () => {});
  };
  expect(await text(open('/moons/luna'))).toBe('Luna');
  const [held, unread] = [open('/moons/never'), open('/moons/huge')];
  // One connection with many streams, of which the client has given up some.
  const more = Array.from({ length: 5 }, () => sessions[1]?.request({ ':path': '/moons/never' }).on('error', () => {}));
  await once(unread, 'response');
  await waitForInFlight({ registry }, 7);
  for (const stream of more.slice(0, 2)) stream?.close(0);
  const closed = Promise.all(sessions.map((session) => (session.destroyed ? undefined : once(session, 'close'))));
  const before = performance.now();
  await app.close();
  // Far less than a hanging stop, and enough for a busy machine.
  expect(performance.now() - before).toBeLessThan(SHUTDOWN_MS + 5_000);
  await closed;
  await waitUntil('the held stream is gone', () => held.destroyed);
  await expectCounts({ registry, close: () => app.close() }, ['GET /moons/luna 200', 'GET /moons/huge 499', 'GET /moons/never 499 x6']);
});
