/** The snippets of docs/guides/outgoing-http.md run, and its configuration is that of an application. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Application, type ApplicationOptions, createApplication } from '@tsukimi/core';
import { type HttpClientMeasurement, Instrumented } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importSnippets } from '../../../../test/support/snippets.js';

const page = await importSnippets('docs/guides/outgoing-http.md', import.meta.url);
const server = createServer((_, response) => response.end('["Io"]'));
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  page.exported<HttpClientMeasurement>('measurement').stop();
});

test('has the lines that a scrape has', async () => {
  expect(await page.exported<(origin: string) => Promise<unknown>>('moons')(origin)).toEqual(['Io']);
  const lines =
    page.blocks
      .find(({ language }) => language === 'text')
      ?.code.trim()
      .split('\n') ?? [];
  expect(lines).toHaveLength(2);
  await expect
    .poll(async () => {
      const scrape = (await page.exported<MetricsRegistry>('registry').expose()).split('\n');
      return lines.filter((line) => !scrape.includes(line));
    })
    .toEqual([]);
});

test('shows a configuration that an application accepts', async () => {
  @Instrumented()
  @Application()
  class Observatory {}

  const configuration: NonNullable<ApplicationOptions['configuration']> = parse(
    page.blocks.find(({ language }) => language === 'yaml')?.code ?? '',
  );
  await using application = await createApplication(Observatory, { configuration, logger: false });
  const port = new URL(origin).port;
  await (await fetch(origin.replace('127.0.0.1', 'localhost'))).text();
  const text = () => application.resolve(MetricsRegistry).expose({ names: ['http_client_requests_total'] });
  await expect.poll(text).toContain(`host="${port === '8080' ? 'localhost:8080' : '<other>'}",status="200"} 1`);
});
