/** The guide on streaming responses does what it says. */
import { once } from 'node:events';
import type { ApplicationOptions, Class, ExtensionFactory } from '@tsukimi/core';
import { CATALOGUE } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { importSnippets } from '../../../../test/support/snippets.js';
import { RawClient } from '../http/support/raw-client.js';
import { textLines } from '../support/scrape.js';
import { instrumentedApplication, listen } from '../support/start.js';

const page = await importSnippets('docs/guides/streaming-responses.md', import.meta.url);
const codeOf = (language: string): string[] => page.blocks.filter((block) => block.language === language).map(({ code }) => code.trim());

const requestLines = async (lines: Promise<string[]>): Promise<string[]> =>
  (await lines).filter((line) => line.startsWith('http_requests_total{')).sort();

test('server-sent events: the scrape has the lines on the page, and the stop waits for no stream', async () => {
  const Moon = page.exported<Class<{ publish(phase: string): void }>>('MoonController');
  const { app, port } = await listen(instrumentedApplication([Moon]), { configuration: { server: { shutdown_timeout_ms: 60_000 } } });
  const clients = [await RawClient.connect(port), await RawClient.connect(port)];
  await Promise.all(clients.map((client) => client.request('GET', '/moon/events').until('new moon')));
  const shown = codeOf('text')[0]?.split('\n') ?? [];
  expect((await textLines(app)).filter((line) => /^http_(requests|streams)_in_flight/.test(line))).toEqual(shown);
  app.resolve(Moon).publish('full moon');
  await Promise.all(clients.map((client) => client.until('full moon')));
  await clients[0]?.abort();
  await vi.waitFor(async () => expect(await textLines(app)).toContain('http_streams_in_flight{kind="sse"} 1'));
  const registry = app.resolve(MetricsRegistry);
  await app.close();
  expect(await requestLines(registry.expose().then((text) => text.split('\n')))).toEqual([
    'http_requests_total{method="GET",path="/moon/events",status="200"} 1',
    'http_requests_total{method="GET",path="/moon/events",status="499"} 1',
  ]);
});

test('WebSockets: one stream, which the plugin closes at the stop', async () => {
  const tides = page.exported<ExtensionFactory>('tides');
  const { app, port } = await listen(instrumentedApplication([], { extensions: [tides] }));
  const client = new WebSocket(`ws://127.0.0.1:${port}/tides`);
  client.on('open', () => client.send('Brest'));
  expect(String((await once(client, 'message'))[0])).toBe('high water at Brest');
  expect(await textLines(app)).toContain('http_streams_in_flight{kind="websocket"} 1');
  const [[code]] = await Promise.all([once(client, 'close'), app.close()]);
  expect(code).toBe(1005);
  const lines = (await app.resolve(MetricsRegistry).expose()).split('\n');
  expect(lines).toContain('http_requests_total{method="GET",path="/tides",status="101"} 1');
  expect(lines).toContain('http_stream_duration_seconds_count{method="GET",path="/tides",kind="websocket"} 1');
});

test('routes that are left out, in code and in the configuration', async () => {
  const Photos = page.exported<Class>('PhotoController');
  const status: ExtensionFactory = () => ({
    name: 'status',
    server: async (fastify) => {
      fastify.get('/status', async () => 'ok');
      fastify.get('/counted', async () => 'ok');
    },
  });
  const App = instrumentedApplication([Photos], { extensions: [status] });
  const ask = async (configuration: ApplicationOptions['configuration'] & object): Promise<string[]> => {
    const { app, port } = await listen(App, { configuration });
    for (const path of ['/photos/next', '/photos/missing.jpg', '/status', '/counted'])
      await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(await textLines(app)).toContain('component_calls_total{component="PhotoController",method="next",status="success"} 1');
    return await requestLines(textLines(app));
  };
  const counted = (path: string): string => `http_requests_total{method="GET",path="${path}",status="200"} 1`;
  expect(await ask({})).toEqual([counted('/counted'), counted('/status')]);
  expect(await ask(parse(codeOf('yaml')[0] ?? ''))).toEqual([counted('/counted')]);
});

test('every metric on the page is in the catalogue', () => {
  const names: string[] = Object.values(CATALOGUE).map(({ name }) => name);
  const named = [...page.text.matchAll(/\bhttp_\w+/g)].map(([name]) => name.replace(/_bucket$/, ''));
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !names.includes(name))).toEqual([]);
});
