/** gzip for who asks for it, over real sockets: what comes out, when, and what happens to those who go away. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { exchange } from '../support/raw-http.js';
import { instrumentedApplication, listen } from '../support/start.js';

const App = instrumentedApplication([]);

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly encoding?: string | undefined;
  readonly accept?: string;
}

async function ask(port: number, { path, method = 'GET', encoding, accept }: Ask): Promise<Answer> {
  const headers = { ...(encoding !== undefined && { 'accept-encoding': encoding }), ...(accept !== undefined && { accept }) };
  const sent = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

// What differs between two scrapes.
const steady = (text: string): string => text.replaceAll(/^(process_|nodejs_|system_).*\n/gm, '');

const PATHS = ['/metrics', '/metrics/prometheus'];

test.each<[string, string]>([
  ['gzip', 'gzip'],
  ['Prometheus', 'gzip'],
  ['a browser', 'gzip, deflate, br, zstd'],
  ['fetch', 'br, gzip, deflate'],
  ['anything', '*'],
  ['another case', 'GZIP'],
  ['a low quality', 'gzip;q=0.1'],
  ['above identity', 'identity;q=0.5, gzip;q=0.6'],
  ['not identity', 'identity;q=0, *'],
])('gzip for %s: %s', async (_, encoding) => {
  const { port } = await listen(App);
  for (const path of PATHS) {
    const { status, headers, body } = await ask(port, { path, encoding });
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, 'gzip', 'accept, accept-encoding']);
    expect(gunzipSync(body).toString()).toContain(path === '/metrics' ? '"instrumentation":' : '# TYPE http_requests_total counter\n');
  }
});

test.each<[string, string | undefined]>([
  ['no header', undefined],
  ['an empty one', ''],
  ['identity', 'identity'],
  ['gzip refused', 'gzip;q=0'],
  ['gzip refused among others', 'gzip;q=0, *'],
  ['gzip refused in decimals', 'gzip;q=0.000'],
  ['all refused', '*;q=0'],
  ['identity above gzip', 'gzip;q=0.5, identity'],
  ['other codings', 'br, deflate, zstd'],
  ['nonsense', ';;q=,'],
])('none for %s: %s', async (_, encoding) => {
  const { port } = await listen(App);
  for (const path of PATHS) {
    const { status, headers, body } = await ask(port, { path, encoding });
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, undefined, 'accept, accept-encoding']);
    expect(body.toString()).toContain(path === '/metrics' ? '"instrumentation":' : '# TYPE http_requests_total counter\n');
  }
});

describe('the compressed answer', () => {
  test.each(['text/plain', 'application/openmetrics-text'])('is the plain one of %s', async (accept) => {
    const { port } = await listen(App);
    const plain = await ask(port, { path: '/metrics', accept });
    const packed = await ask(port, { path: '/metrics', accept, encoding: 'gzip' });
    expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
    expect(packed.headers['content-length']).toBeUndefined();
    expect(steady(gunzipSync(packed.body).toString())).toBe(steady(plain.body.toString()));
  });

  test('is given for a single line too', async () => {
    const { port, app } = await listen(App);
    app.resolve(InstrumentationProvider).recordMetric('moons_total');
    const { headers, body } = await ask(port, { path: '/metrics/prometheus?name[]=moons_total', encoding: 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe('# HELP moons_total Recorded by recordMetric.\n# TYPE moons_total counter\nmoons_total 1\n');
  });

  test('has a length where it is JSON', async () => {
    const { port } = await listen(App);
    const { headers, body } = await ask(port, { path: '/metrics', encoding: 'gzip' });
    expect(headers['content-length']).toBe(String(body.length));
    expect(JSON.parse(gunzipSync(body).toString()).enabled).toBe(true);
  });

  test('has no body where only the head is asked for', async () => {
    const { port } = await listen(App);
    for (const path of PATHS) {
      const { status, headers, body } = await ask(port, { path, method: 'HEAD', encoding: 'gzip' });
      expect([status, headers['content-encoding'], body.length]).toEqual([200, 'gzip', 0]);
    }
  });

  test('is not given to who may not read it', async () => {
    const { port } = await listen(App, { configuration: { metrics: { allowed_ips: ['10.0.0.1'] } } });
    const headers = ['Accept-Encoding: gzip'];
    const masked = async (target: string) => (await exchange({ port, target, headers })).replaceAll(target, '').replace(/Date: .*/, '');
    const denied = await masked('/metrics');
    expect(denied).toBe(await masked('/metricz'));
    expect(denied).not.toMatch(/content-encoding|vary/i);
  });
});

describe('large scrapes', () => {
  const SERIES = 2000;

  async function large() {
    const started = await listen(App);
    const moons = started.app.resolve(InstrumentationProvider).histogram({ name: 'moons_seconds', help: 'Moons.', labelNames: ['id'] });
    for (let id = 0; id < SERIES; id += 1) moons.observe({ id: String(id) }, id / 1000);
    return started;
  }

  const countLines = (text: string): number => text.match(/^moons_seconds_count\{/gm)?.length ?? 0;

  test('two at once, one compressed and one not, are both whole', async () => {
    const { port } = await large();
    const path = '/metrics/prometheus';
    const answers = await Promise.all([ask(port, { path, encoding: 'gzip' }), ask(port, { path }), ask(port, { path, encoding: 'gzip' })]);
    const texts = answers.map(({ headers, body }) => (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
    expect(texts.map(countLines)).toEqual([SERIES, SERIES, SERIES]);
    expect(new Set(texts.map(steady)).size).toBe(1);
  });

  test('a client that goes away in the middle spoils nothing', async () => {
    const { port, logs } = await large();
    for (const encoding of ['gzip', 'identity']) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.write(`GET /metrics/prometheus HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
      await once(socket, 'data');
      socket.destroy();
    }
    const { body } = await ask(port, { path: '/metrics/prometheus', encoding: 'gzip' });
    expect(countLines(gunzipSync(body).toString())).toBe(SERIES);
    expect(logs.filter(({ level }) => level >= 50)).toEqual([]);
  });

  test('an answer that is asked for meanwhile does not wait for them', async () => {
    const { port } = await large();
    let isOver = false;
    const scrape = ask(port, { path: '/metrics/prometheus', encoding: 'gzip' }).then((answer) => {
      isOver = true;
      return answer;
    });
    const { status } = await ask(port, { path: '/nothing' });
    expect([status, isOver]).toEqual([404, false]);
    await scrape;
  });
});
