/** The guides on custom metrics, on existing Fastify servers and on securing the endpoints do what they say. */
import { type Class, Controller, Get } from '@tsukimi/core';
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { textLines } from '../support/scrape.js';
import { bareApplication, describeError, instrumentedApplication, listen, start, startFailure } from '../support/start.js';

const linesIn = (code = ''): string[] => code.trim().split('\n');

describe('custom metrics', async () => {
  const page = await importSnippets('docs/guides/custom-metrics.md', import.meta.url);

  test('the first example exposes the lines below it', async () => {
    const OrderService = page.exported<Class<{ all(): unknown[] }>>('OrderService');
    const { app } = await start(bareApplication([OrderService]));
    expect(app.resolve(OrderService).all()).toHaveLength(2);
    const shown = linesIn(page.blocks.find(({ language }) => language === 'text')?.code);
    expect((await textLines(app)).filter((line) => line.startsWith('database_'))).toEqual(shown);
  });

  test('the queue is read at each scrape', async () => {
    const MailQueue = page.exported<Class<{ add(mail: string): void; send(): void }>>('MailQueue');
    const { app } = await start(bareApplication([MailQueue]));
    const queue = app.resolve(MailQueue);
    for (const mail of ['one', 'two', 'three']) queue.add(mail);
    queue.send();
    expect((await textLines(app)).filter((line) => line.startsWith('mail'))).toEqual([
      'mail_queue_items 2',
      'mails_sent_total{kind="order"} 1',
    ]);
  });
});

describe('the Fastify plugin', async () => {
  const page = await importSnippets('docs/guides/fastify-plugin.md', import.meta.url);

  test('the server exposes the lines below it', async () => {
    const server = page.exported<FastifyInstance>('server');
    onTestFinished(() => server.close());
    expect((await server.inject('/cars/7')).json()).toEqual({ id: '7', model: 'Subaru 360' });
    const shown = linesIn(page.blocks.find(({ language }) => language === 'text')?.code);
    expect(await textLines(server)).toEqual(expect.arrayContaining(shown));
    expect(page.exported<MetricsRegistry>('registry').instruments.length).toBeGreaterThan(5);
    expect((await server.inject({ url: '/metrics', remoteAddress: '203.0.113.9' })).statusCode).toBe(404);
  });
});

describe('a port of their own', async () => {
  const page = await importSnippets('docs/guides/own-metrics-port.md', import.meta.url);

  test('the configuration opens it, and a taken port fails as shown', async () => {
    const [shown] = page.blocks.filter(({ language }) => language === 'yaml').map(({ code }) => parse(code));
    const { metrics } = shown;
    const started = await listen(instrumentedApplication([]), { configuration: { metrics: { ...metrics, port: 0 } } });
    const port = Number(new URL(started.app.fastify.metricsOrigin as string).port);
    const second = await start(instrumentedApplication([]), { configuration: { server: { port: 0 }, metrics: { ...metrics, port } } });
    const failure = await second.app.listen().then(() => 'it listens', describeError);
    expect(failure.replaceAll(String(port), String(metrics.port))).toBe(
      page.blocks.find(({ language }) => language === 'text')?.code.trim(),
    );
  });

  test('the plugin serves them there', async () => {
    onTestFinished(() => page.exported<FastifyInstance>('server').close());
    const text = await (await fetch(page.exported<string>('scrapeUrl'))).text();
    expect(text).toContain('# TYPE http_requests_total counter\n');
  });
});

describe('securing the endpoints', () => {
  const page = projectText('docs/guides/securing-the-endpoints.md');
  const blocks = codeBlocksOf(page);
  const configurations = blocks.filter(({ language }) => language === 'yaml').map(({ code }) => parse(code));

  test('every configuration starts, and lets in whom it says', async () => {
    expect(configurations).toHaveLength(3);
    for (const configuration of configurations) {
      const { app, warnings } = await start(instrumentedApplication([]), { configuration });
      expect(warnings()).toEqual([]);
      expect((await app.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode).toBe(200);
      expect((await app.inject({ url: '/metrics', remoteAddress: '203.0.113.9' })).statusCode).toBe(404);
    }
  });

  test('the error is the one on the page', async () => {
    const configuration = { metrics: { allowed_ips: ['::1', '10.0.0/8'] } };
    const shown = linesIn(blocks.find(({ language }) => language === 'text')?.code);
    expect([
      (await startFailure(instrumentedApplication([]), { configuration })).replace('configuration option', 'application.yml:6'),
    ]).toEqual([`TSK_ERR_ENDPOINT_ADDRESS: ${shown[0]}`]);
  });

  test('the table of clients is right', async () => {
    const rows = [...page.matchAll(/^\| `([\d.]+)` \| (none|`[^`]+`) \| (nobody|`[\d.]+`).*\|$/gm)];
    expect(rows).toHaveLength(6);
    for (const [, remoteAddress = '', header = '', client = ''] of rows) {
      const forwarded = header === 'none' ? {} : { 'x-forwarded-for': header.replaceAll('`', '') };
      const { server } = configurations[2];
      const readable = async (allowed: string): Promise<boolean> => {
        const { app } = await start(instrumentedApplication([]), { configuration: { server, metrics: { allowed_ips: [allowed] } } });
        return (await app.inject({ url: '/metrics', remoteAddress, headers: forwarded })).statusCode === 200;
      };
      const address = client.replaceAll('`', '');
      for (const candidate of ['203.0.113.9', '127.0.0.1', '10.0.0.1', '192.0.2.10'])
        expect(await readable(candidate), `${remoteAddress} ${header} as ${candidate}`).toBe(candidate === address);
    }
  });
});

test('what the pages say of the provider without @Instrumented is so', async () => {
  @Controller('/plain')
  class Plain {
    constructor(readonly provider: InstrumentationProvider) {}
    @Get('/')
    get() {
      this.provider.recordMetric('plain_total');
      return {};
    }
  }
  const { app } = await start(bareApplication([Plain]));
  await app.inject('/plain');
  expect(await textLines(app)).toEqual([
    'metrics_access_denied_total 0',
    'metrics_scrapes_rejected_total{reason="busy"} 0',
    'metrics_scrapes_rejected_total{reason="slow"} 0',
    'plain_total 1',
  ]);
});
