/** The files of the page: their types and caching, and paths that are none. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { addMetricsEndpoint, httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { readAssets } from '../src/assets.js';
import { makeLivePage } from '../src/live-page.js';

async function served(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-assets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const registry = new MetricsRegistry();
  const server = fastify();
  onTestFinished(() => server.close());
  const page = makeLivePage(
    {
      registry,
      logger: server.log,
      application: { name: undefined, version: undefined },
      isMeasuring: true,
      tasks: undefined,
      settings: undefined,
      profile: undefined,
      canProfile: () => false,
      kindOf: () => undefined,
      errors: undefined,
    },
    { assets: () => readAssets(folder) },
  );
  onTestFinished(() => page.stop());
  addMetricsEndpoint(registry, page.endpoint);
  await server.register(httpInstrumentation, { registry, processMetrics: false });
  return server;
}

const FILES = {
  'index.html': '<p>moon</p>',
  'assets/index-B2x.js': 'export {};',
  'assets/index-C3y.css': 'p {}',
  'assets/moon.svg': '<svg/>',
};

test('have their types, and those with hashed names are kept by browsers', async () => {
  const server = await served(FILES);
  const of = async (path: string) => {
    const { statusCode, headers, body } = await server.inject(`/metrics/ui/${path}`);
    return [statusCode, headers['content-type'], headers['cache-control'], body];
  };
  const kept = 'private, max-age=31536000, immutable';
  expect(await of('')).toEqual([200, 'text/html; charset=utf-8', 'no-cache', '<p>moon</p>']);
  expect(await of('assets/index-B2x.js')).toEqual([200, 'text/javascript; charset=utf-8', kept, 'export {};']);
  expect(await of('assets/index-C3y.css')).toEqual([200, 'text/css; charset=utf-8', kept, 'p {}']);
  expect(await of('assets/moon.svg')).toEqual([200, 'image/svg+xml', kept, '<svg/>']);
});

test('are not sent again to who has them, and compressed for who accepts it', async () => {
  const server = await served(FILES);
  const first = await server.inject('/metrics/ui/');
  const etag = String(first.headers['etag']);
  for (const value of [etag, `W/${etag}`, `"other", ${etag}`])
    expect((await server.inject({ url: '/metrics/ui/', headers: { 'if-none-match': value } })).statusCode).toBe(304);
  expect((await server.inject({ url: '/metrics/ui/', headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
  const compressed = await server.inject({ url: '/metrics/ui/', headers: { 'accept-encoding': 'br, gzip' } });
  expect([compressed.headers['content-encoding'], gunzipSync(compressed.rawPayload).toString()]).toEqual(['gzip', '<p>moon</p>']);
  const plain = await server.inject({ url: '/metrics/ui/', headers: { 'accept-encoding': 'gzip;q=0' } });
  expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, '<p>moon</p>']);
  const head = await server.inject({ method: 'HEAD', url: '/metrics/ui/' });
  expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '11']);
});

test('paths that are none are unknown', async () => {
  const server = await served(FILES);
  for (const path of ['assets/none.js', '../package.json', '..%2fpackage.json', 'assets/..%2findex.html', 'assets/', 'constructor', '%00'])
    expect([path, (await server.inject(`/metrics/ui/${path}`)).statusCode]).toEqual([path, 404]);
});

test('a page that was not built says so', async () => {
  const server = await served({});
  const { statusCode, body } = await server.inject('/metrics/ui/');
  expect([statusCode, body]).toEqual([503, 'The page is not built. Run npm run build.\n']);
});

test('the whole page is at most 150 kB compressed', () => {
  const sizes = [...readAssets().values()].map(({ compressed }) => compressed.length);
  expect(sizes.length).toBeGreaterThan(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});
