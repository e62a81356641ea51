/** The latency alerts on a server that keeps native histograms only, which `promtool test rules` of this version can't simulate. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerScrape } from '../../../../test/support/answer-scrape.js';
import { projectText } from '../../../../test/support/project.js';
import { type PrometheusServer, startPrometheus } from '../../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  readonly value: string;
}

/** An application whose requests take what it is told. */
class Shop {
  readonly #registry = new MetricsRegistry();
  readonly #requests = this.#registry.counter(CATALOGUE.httpRequests).labels({ method: 'GET', path: '/', status: '200' });
  readonly #durations = this.#registry.histogram(CATALOGUE.httpRequestDuration).labels({ method: 'GET', path: '/' });
  readonly #server: Server = createServer((_request, response) => answerScrape(response, this.#registry, 'protobuf'));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  serve(requests: number, seconds: number): void {
    for (let request = 0; request < requests; request += 1) {
      this.#requests.inc();
      this.#durations.observe(seconds);
    }
  }

  close(): void {
    this.#server.close();
  }
}

describe.skipIf(prometheusBinary.skipReason)('asked of a real Prometheus', () => {
  const shops = { quick: new Shop(), slow: new Shop() };
  let prometheus: PrometheusServer;
  let folder: string;

  beforeAll(async () => {
    // As they are shipped, but that they fire at once.
    const rules = projectText('prometheus/rules/http.yml').replaceAll(/for: \d+m/g, 'for: 0s');
    folder = await mkdtemp(join(tmpdir(), 'tsukimi-rules-'));
    await writeFile(join(folder, 'http.yml'), rules);
    const jobs = [];
    for (const [job_name, shop] of Object.entries(shops)) jobs.push({ job_name, static_configs: [{ targets: [await shop.listen()] }] });
    const configuration = {
      global: { scrape_interval: '200ms', evaluation_interval: '200ms' },
      rule_files: [`${folder}/http.yml`],
      scrape_configs: jobs,
    };
    prometheus = await startPrometheus(prometheusBinary.path, JSON.stringify(configuration), ['--enable-feature=native-histograms']);
    for (const [shop, each] of Object.entries(shops)) await samples(shop, each);
  });

  afterAll(async () => {
    await prometheus?.stop();
    for (const shop of Object.values(shops)) shop.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Both have a sample before the first request that counts, because a rate needs two. */
  async function samples(job: string, shop: Shop): Promise<void> {
    shop.serve(1, 0.001);
    await waitUntil(
      `a sample of ${job}`,
      async () => (await prometheus.query(`histogram_count(http_request_duration_seconds{job="${job}"})`)).length > 0,
    );
  }

  test('fire above their thresholds with the true percentile, and not below', async () => {
    // Thresholds are 1 s for the p95 of all routes, 5 s for the p99 of one. Classic buckets would say more than 9 s.
    shops.slow.serve(10_000, 5.4);
    shops.quick.serve(10_000, 0.95);
    const quick = await waitUntil('the percentile of the quick one', async () => {
      const [sample] = await prometheus.query('job:http_request_duration_seconds:p95_rate5m{job="quick"}');
      return sample !== undefined && Number(sample.value);
    });
    expect(Math.abs(quick - 0.95) / 0.95).toBeLessThan(0.025);
    const alerts = await waitUntil('both alerts of the slow one', async () => {
      const firing = (await prometheus.api<{ alerts: Alert[] }>('/api/v1/alerts')).alerts.filter(({ state }) => state === 'firing');
      return firing.length >= 2 && firing;
    });
    expect(alerts.map(({ labels }) => [labels['job'], labels['alertname']]).sort()).toEqual([
      ['slow', 'HttpLatencyHigh'],
      ['slow', 'HttpRouteLatencyHigh'],
    ]);
    for (const { value } of alerts) expect(Math.abs(Number(value) - 5.4) / 5.4).toBeLessThan(0.025);
    expect(await prometheus.query('http_request_duration_seconds_bucket')).toEqual([]);
  });
});
