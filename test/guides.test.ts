/** The guides that need more than one program: their queries in a real Prometheus, their pushes to a real Pushgateway. */
import { type Application, type Class, createApplication } from 'tsukimi';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPushgateway } from '../packages/metrics/test/support/pushgateway.js';
import { type DemoProgram, startDemoProgram } from './support/demo-program.js';
import { codeBlocksOf } from './support/markdown.js';
import { projectText } from './support/project.js';
import { type PrometheusServer, startPrometheus } from './support/prometheus-server.js';
import { scrapeConfiguration } from './support/scrape-configuration.js';
import { requireBinary } from './support/server-binary.js';
import { importSnippets } from './support/snippets.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const pushgatewayBinary = requireBinary('prometheus-pushgateway');

/** A guide's scrape configuration for what listens somewhere else, five times a second. */
function scrapeOf(yaml: string, [shown, actual]: readonly [string, string]): string {
  if (!yaml.includes(shown)) throw new Error(`The guide has no target ${shown}.`);
  return `global: { scrape_interval: 200ms }\n${yaml.replace(shown, actual)}`;
}

describe.skipIf(prometheusBinary.skipReason)('Prometheus and Grafana', () => {
  let demo: DemoProgram;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    demo = await startDemoProgram({ TSUKIMI_SCHEDULER_ENABLED: 'false' });
    prometheus = await startPrometheus(prometheusBinary.path, scrapeConfiguration(demo.target));
    const ask = async (path: string) => void (await (await fetch(`${demo.url}${path}`)).text());
    // Twice, with a scrape in between: a rate is told from two values.
    for (let round = 1; round <= 2; round += 1) {
      for (const path of ['/api/users', '/api/users/9', '/api/orders/revenue']) await ask(path);
      await waitUntil(
        'a scrape',
        async () => (await prometheus.query(`http_requests_total{path="/api/orders/revenue"} >= ${round}`)).length > 0,
      );
    }
  });

  afterAll(async () => {
    await prometheus?.stop();
    await demo?.program.stop();
  });

  const queries = codeBlocksOf(projectText('docs/guides/prometheus-and-grafana.md'))
    .filter(({ language }) => language === 'promql')
    .map(({ code }) => code.trim());

  it('has queries to begin with', () => {
    expect(queries).toHaveLength(4);
  });

  it.each(queries)('%s', async (query) => {
    const samples = await prometheus.query(query);
    // Nothing of the demo answers with a 5xx: there is no such share.
    if (query.includes('5..')) return expect(samples).toEqual([]);
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.some(({ value }) => Number(value) > 0)).toBe(true);
  });
});

describe.skipIf(prometheusBinary.skipReason)('OpenMetrics and exemplars', async () => {
  const page = await importSnippets('docs/guides/openmetrics-and-exemplars.md', import.meta.url);
  const codeIn = (language: string): string => page.blocks.find((block) => block.language === language)?.code.trim() ?? '';

  async function startMoon(): Promise<Application> {
    const app = await createApplication(page.exported<Class>('MoonApplication'), {
      configuration: { server: { port: 0 }, logging: { level: 'silent' } },
      environment: {},
    });
    onTestFinished(() => app.close());
    await app.listen();
    expect((await fetch(`${app.fastify.listeningOrigin}/moon/4bf92f35`)).status).toBe(200);
    return app;
  }

  it('the scrape has the line on the page', async () => {
    const app = await startMoon();
    const headers = { accept: 'application/openmetrics-text' };
    const text = await (await fetch(`${app.fastify.listeningOrigin}/metrics`, { headers })).text();
    const lines = text.split('\n').map((each) => each.replace(/(# \{.*\} \S+) \S+$/, '$1'));
    expect(lines).toContain(codeIn('text'));
  });

  it('Prometheus keeps the exemplar', async () => {
    const app = await startMoon();
    const configuration = scrapeOf(codeIn('yaml'), ['127.0.0.1:8000', new URL(app.fastify.listeningOrigin).host]);
    await using prometheus = await startPrometheus(prometheusBinary.path, configuration, ['--enable-feature=exemplar-storage']);
    const nowSeconds = Date.now() / 1000;
    const range = { query: 'moon_distance_km_bucket', start: String(nowSeconds - 3600), end: String(nowSeconds + 3600) };
    type Found = readonly { readonly exemplars: readonly { readonly labels: object; readonly value: string }[] }[];
    const found = await waitUntil('an exemplar', async () => {
      const series = await prometheus.api<Found>(`/api/v1/query_exemplars?${new URLSearchParams(range)}`);
      return series.length > 0 && series;
    });
    expect(found.flatMap(({ exemplars }) => exemplars.map(({ labels, value }) => [labels, value]))).toEqual([
      [{ trace_id: '4bf92f35' }, '384400'],
    ]);
  });
});

describe.skipIf(prometheusBinary.skipReason ?? pushgatewayBinary.skipReason)('batch jobs', async () => {
  const page = await importSnippets('docs/guides/batch-jobs.md', import.meta.url);
  const nightlyImport = page.exported<(url: string, rows: readonly string[]) => Promise<number>>('nightlyImport');
  const codeIn = (language: string): string => page.blocks.find((block) => block.language === language)?.code.trim() ?? '';

  it('what was pushed is what the page shows, and the alert is silent', async () => {
    await using gateway = await startPushgateway(pushgatewayBinary.path);
    expect(await nightlyImport(gateway.url, ['a', 'b', 'c'])).toBe(3);
    const configuration = scrapeOf(codeIn('yaml'), ['127.0.0.1:9091', new URL(gateway.url).host]);
    await using prometheus = await startPrometheus(prometheusBinary.path, configuration);
    for (const line of codeIn('text').split('\n')) {
      const [, series = '', value] = /^(.*) (\d+)$/.exec(line) ?? [];
      expect(await waitUntil(series, async () => (await prometheus.query(series))[0]?.value)).toBe(value);
    }
    expect(await prometheus.query(codeIn('promql'))).toEqual([]);
    expect(await prometheus.query(codeIn('promql').replace('> 86400', '>= 0'))).toHaveLength(1);
  });

  it('a job that fails fails as it did, and what it had measured was pushed', async () => {
    await using gateway = await startPushgateway(pushgatewayBinary.path);
    await expect(nightlyImport(gateway.url, [])).rejects.toThrow('nothing to import');
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toMatch(/^import_last_success_timestamp_seconds\{.*job="nightly-import"\} 0$/m);
  });
});
