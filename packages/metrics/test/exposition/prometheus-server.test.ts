/** A real Prometheus scrapes each format; what it then knows is exactly what was recorded. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ExpositionFormat, type MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerScrape } from '../../../../test/support/answer-scrape.js';
import { type PrometheusServer, startPrometheus } from '../../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { openRegistry } from '../support/open-registry.js';

const prometheusBinary = requireBinary('prometheus');

const FORMATS = ['prometheus', 'openmetrics', 'protobuf'] as const satisfies readonly ExpositionFormat[];

const ODD_TEXTS = ['"', '\\', 'a\nb', '🌕', 'x\ud800y', '"} 1 # {a="b"} 2', '\0', '\r', ' {}', 'ä', '\\n'];

describe.skipIf(prometheusBinary.skipReason)('scraped by a real Prometheus', () => {
  const { registry, errors } = openRegistry({ defaultLabels: { odd_default: 'a"\\\n🌕' } });
  const servers: { close(): void }[] = [];
  const accepted: string[] = [];
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    record(registry);
    const jobs = await Promise.all(FORMATS.map(job));
    const configuration = `global: { scrape_interval: 200ms }\nscrape_configs:\n${jobs.join('')}`;
    prometheus = await startPrometheus(prometheusBinary.path, configuration, ['--enable-feature=native-histograms']);
    for (const format of FORMATS)
      await waitUntil(`a scrape of ${format}`, async () => (await prometheus.query(`up{job="${format}"} == 1`)).length > 0);
  });

  afterAll(async () => {
    await prometheus?.stop();
    for (const server of servers) server.close();
  });

  async function job(format: ExpositionFormat): Promise<string> {
    const server = createServer((request, response) => {
      accepted.push(request.headers.accept ?? '');
      answerScrape(response, registry, format);
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return `- { job_name: ${format}, static_configs: [{ targets: ['${target}'] }] }\n`;
  }

  test('all targets are up, without an error', async () => {
    const targets = async () => {
      const { activeTargets } = await prometheus.api<{ activeTargets: { health: string; lastError: string }[] }>('/api/v1/targets');
      return activeTargets.map(({ health, lastError }) => [health, lastError]);
    };
    await poll(targets).toEqual(FORMATS.map(() => ['up', '']));
    expect(accepted[0]).toContain('application/openmetrics-text');
    expect(errors).toEqual([]);
  });

  test.each(FORMATS)('%s: every odd text comes out as it went in', async (format) => {
    const wanted = ODD_TEXTS.map((text) => text.toWellFormed());
    const read = async () => {
      const samples = await prometheus.query(`odd_total{job="${format}"}`);
      return [...new Map(samples.map(({ labels, value }) => [labels['text'], [value, labels['odd_default']]]))].sort();
    };
    await poll(read).toEqual(wanted.map((text, index) => [text, [String(index + 1), 'a"\\\n🌕']] as const).sort());
  });

  test.each([
    ['prometheus', '1'],
    ['openmetrics', '1.0'],
    ['protobuf', undefined],
  ])('%s: every kind', async (format, one) => {
    const value = async (expression: string) => (await prometheus.query(expression)).map((sample) => sample.value);
    const is = `job="${format}"`;
    if (one === undefined) {
      await poll(() => value(`histogram_fraction(0, 1, wait_seconds{${is}}) * 3`)).toEqual(['2']);
      await poll(() => value(`histogram_count(wait_seconds{${is}})`)).toEqual(['3']);
      await poll(() => value(`histogram_sum(wait_seconds{${is}})`)).toEqual(['7']);
    } else {
      await poll(() => value(`wait_seconds_bucket{${is},le="${one}"}`)).toEqual(['2']);
      await poll(() => value(`wait_seconds_bucket{${is},le="+Inf"}`)).toEqual(['3']);
      await poll(() => value(`wait_seconds_sum{${is}}`)).toEqual(['7']);
    }
    await poll(() => value(`sum(their_seconds_bucket{${is},le=~"1|1.0"})`)).toEqual(['1']);
    await poll(() => value(`size_bytes{${is},quantile="0.5"}`)).toEqual(['512']);
    await poll(() => value(`size_bytes_count{${is}}`)).toEqual(['1']);
    await poll(() => value(`empty_bytes{${is},quantile="0.5"}`)).toEqual(['NaN']);
    await poll(() => value(`application_info{${is},version="1.0 \\"a\\""}`)).toEqual(['1']);
    await poll(() => value(`application_state{${is},application_state="running"}`)).toEqual(['1']);
    await poll(() => value(`sum(application_state{${is}})`)).toEqual(['1']);
    await poll(() => value(`room_celsius{${is}}`)).toEqual(['-Inf']);
    await poll(() => value(`theirs_total{${is}}`)).toEqual(['4']);
    await poll(() => value(`plain{${is}}`)).toEqual(['2']);
    await poll(async () => Number((await value(`process_cpu_seconds_total{${is}}`))[0])).toBeGreaterThan(0);
    await poll(() => value(`count(odd_created{${is}})`)).toEqual(format === 'openmetrics' ? [String(ODD_TEXTS.length)] : []);
  });

  test('help, types and units arrive', async () => {
    const metadata = await prometheus.api<{ metric: string; type: string; help: string; unit: string }[]>('/api/v1/targets/metadata');
    const of = (format: string, metric: string) => {
      const found = (metadata as unknown as { target: { job: string }; metric: string; type: string; help: string; unit: string }[]).find(
        (entry) => entry.target.job === format && entry.metric === metric,
      );
      return found && [found.type, found.help, found.unit];
    };
    expect(of('prometheus', 'odd_total')).toEqual(['counter', 'Odd "\\\n🌕.', '']);
    expect(of('openmetrics', 'odd')).toEqual(['counter', 'Odd "\\\n🌕.', '']);
    expect(of('openmetrics', 'wait_seconds')).toEqual(['histogram', 'Wait.', 'seconds']);
    expect(of('openmetrics', 'application')).toEqual(['info', 'App.', '']);
    expect(of('prometheus', 'application_info')).toEqual(['gauge', 'App.', '']);
    expect(of('openmetrics', 'application_state')).toEqual(['stateset', 'State.', '']);
    expect(of('openmetrics', 'plain')).toEqual(['unknown', 'Plain.', '']);
    expect(of('protobuf', 'odd_total')).toEqual(['counter', 'Odd "\\\n🌕.', '']);
    expect(of('protobuf', 'wait_seconds')).toEqual(['histogram', 'Wait.', '']);
    expect(of('protobuf', 'application_info')).toEqual(['gauge', 'App.', '']);
  });
});

/** Asks until the answer is the expected one: on a busy machine, Prometheus gives a scrape up now and then, and has no values until the next one. */
function poll<T>(ask: () => Promise<T>) {
  return expect.poll(ask, { timeout: 20_000 });
}

function record(registry: MetricsRegistry): void {
  const odd = registry.counter({ name: 'odd_total', help: 'Odd "\\\n🌕.', labelNames: ['text'] });
  for (const [index, text] of ODD_TEXTS.entries()) odd.inc({ text }, index + 1, { exemplar: { text } });
  const wait = registry.histogram({ name: 'wait_seconds', help: 'Wait.', buckets: [0.5, 1] });
  for (const seconds of [1, 1, 5]) wait.observe(seconds, { exemplar: { trace_id: 'abc', span: '🌕' } });
  registry.summary({ name: 'size_bytes', help: 'Size.', quantiles: [0.5] }).observe(512);
  registry.summary({ name: 'empty_bytes', help: 'Empty.', quantiles: [0.5] });
  registry.info({ name: 'application_info', help: 'App.', labelNames: ['version'] }).set({ version: '1.0 "a"' });
  registry.stateSet({ name: 'application_state', help: 'State.', states: ['starting', 'running'] }).set('running');
  registry.gauge({ name: 'room_celsius', help: 'Room.' }).set(Number.NEGATIVE_INFINITY);
  registry.counter({ name: 'plain', help: 'Plain.' }).inc(2);
  new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', registers: [registry] }).inc(4);
  new promClient.Histogram({ name: 'their_seconds', help: 'Theirs.', registers: [registry] }).observe(1);
  for (const metric of processMetrics()) registry.registerMetric(metric);
}
