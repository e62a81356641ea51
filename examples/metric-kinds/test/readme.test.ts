/** The README, section by section: its requests, the scrape they give, and its queries in a real Prometheus. */
import { type Application, createApplication } from 'tsukimi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocksOf } from '../../../test/support/markdown.js';
import { projectText } from '../../../test/support/project.js';
import { type PrometheusServer, type Sample, startPrometheus } from '../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { MetricKinds } from '../src/application.js';

const PLACE = 'http://127.0.0.1:8002';
const blocks = codeBlocksOf(projectText('examples/metric-kinds/README.md'));
const sections = [...new Set(blocks.map(({ section }) => section))].slice(1);

function codeOf(section: string, language: string): string[] {
  return blocks.filter((block: CodeBlock) => block.section === section && block.language === language).map(({ code }) => code);
}

async function startExample(): Promise<Application> {
  const app = await createApplication(MetricKinds, {
    configuration: new URL('../application.yml', import.meta.url),
    environment: { TSUKIMI_SERVER_PORT: '0', TSUKIMI_LOGGING_LEVEL: 'silent' },
  });
  await app.listen();
  return app;
}

async function send(app: Application, section: string): Promise<void> {
  for (const [, path] of codeOf(section, 'sh')
    .join('')
    .matchAll(/^curl http:\/\/127\.0\.0\.1:8002(\S*)$/gm)) {
    expect((await fetch(`${app.fastify.listeningOrigin}${path}`)).status, path).toBe(200);
  }
}

// Times are never twice the same; how many there were is.
const withoutTimes = (text: string): string =>
  text.replaceAll(/^(upstream_request\w*(?:_bucket\{le="0\.\d+"\}|_sum|\{quantile=".*"\})) .*$/gm, '$1 ...');

describe('the scrape on the page is the one there is', () => {
  let app: Application;
  beforeAll(async () => {
    app = await startExample();
  });
  afterAll(() => app.close());

  test.each(sections)('%s', async (section) => {
    await send(app, section);
    const [shown = ''] = codeOf(section, 'text');
    const names = [...shown.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => `name[]=${name}`);
    const text = await (await fetch(`${app.fastify.metricsOrigin}/metrics/prometheus?${names.join('&')}`)).text();
    expect(withoutTimes(text)).toBe(withoutTimes(shown));
  });

  test.each([
    ['/add/-1', 'n must be a whole number from 0 to 100.'],
    ['/remove/1.5', 'n must be a whole number from 0 to 100.'],
    ['/upstream/1001', 'delayMs must be a whole number from 0 to 1000.'],
    ['/upload/1000001', 'bytes must be a whole number from 0 to 1000000.'],
    ['/state/asleep', 'state must be one of starting, running, paused.'],
  ])('%s is refused', async (path, message) => {
    const answer = await fetch(`${app.fastify.listeningOrigin}${path}`);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ message })]);
  });
});

const prometheusBinary = requireBinary('prometheus');

describe.skipIf(prometheusBinary.skipReason)('the queries on the page, in a real Prometheus', () => {
  let app: Application;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    app = await startExample();
    const [configuration = ''] = blocks.filter(({ language }) => language === 'yaml').map(({ code }) => code);
    const target = new URL(PLACE).host;
    expect(configuration).toContain(target);
    const scrape = `global: { scrape_interval: 200ms }\n${configuration.replace(target, new URL(app.fastify.metricsOrigin as string).host)}`;
    prometheus = await startPrometheus(prometheusBinary.path, scrape);
    // A counter grows from what was seen first: it is seen at 0, and then again for each request.
    await waitUntil('a first scrape', async () => (await prometheus.query('up == 1')).length === 1);
    for (const section of sections) await send(app, section);
    const sent = Date.now() / 1000;
    await waitUntil('two scrapes of what was sent', async () => {
      const [last] = await prometheus.query('timestamp(application_state{application_state="paused"}) and application_state == 1');
      return Number(last?.value) > sent + 0.4;
    });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await app?.close();
  });

  const queries = sections.flatMap((section) => codeOf(section, 'promql').map((code) => [section, code.trim()] as const));

  /** What a query must give: exactly, or between two bounds. */
  const expected = new Map<string, number | readonly [lowest: number, highest: number]>([
    ['list_items', 3],
    ['max_over_time(list_items[1m])', [3, 5]],
    ['count by (version) (build_info)', 1],
    ['list_items * on (instance) group_left (version) build_info', 3],
    ['application_state == 1', 1],
    ['avg_over_time(application_state{application_state="paused"}[1m])', [0.01, 1]],
    ['upstream_request_seconds{quantile="0.95"}', [0.0784, 10]],
    ['histogram_quantile(0.5, sum by (le) (rate(upload_size_bytes_bucket[1m])))', [1024, 4096]],
    ['histogram_quantile(0.95, sum by (le) (rate(upstream_request_duration_seconds_bucket[1m])))', [0.05, 1]],
  ]);

  test.each(queries)('%s: %s', async (_, query) => {
    const samples: Sample[] = await prometheus.query(query);
    expect(samples).toHaveLength(1);
    const value = Number(samples[0]?.value);
    const bounds = expected.get(query) ?? [Number.MIN_VALUE, 1e6];
    const [lowest, highest] = typeof bounds === 'number' ? [bounds, bounds] : bounds;
    expect(value).toBeGreaterThanOrEqual(lowest);
    expect(value).toBeLessThanOrEqual(highest);
  });

  test('every expectation is for a query on the page', () => {
    const asked = new Set(queries.map(([, query]) => query));
    expect([...expected.keys()].filter((query) => !asked.has(query))).toEqual([]);
    expect(queries.length).toBe(15);
  });
});
