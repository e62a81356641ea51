/** A real Prometheus with native histograms on: the percentiles it answers are those of the values, which the classic buckets can't say. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerScrape } from '../../../../test/support/answer-scrape.js';
import { type PrometheusServer, startPrometheus } from '../../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { openRegistry } from '../support/open-registry.js';

const prometheusBinary = requireBinary('prometheus');

/** Numbers from 0 to 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(1);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** In seconds. */
const DISTRIBUTIONS: Readonly<Record<string, () => number>> = {
  constant: () => 0.0421,
  bimodal: () => (random() < 0.8 ? 0.002 + random() * 0.001 : 0.8 + random() * 0.2),
  log_normal: () => Math.exp(-6 + normal()),
  pareto: () => 0.001 / (1 - random()) ** (1 / 1.5),
  microseconds: () => 20e-6 + random() * 40e-6,
  minutes: () => 60 + random() * 600,
  uniform: () => random(),
  exponential: () => -Math.log(1 - random()) * 0.05,
  normal: () => Math.max(1e-6, 0.25 + normal() * 0.05),
  heavy_tail: () => (random() < 0.99 ? 0.01 * (1 + random()) : 5 * (1 + random())),
};

const QUANTILES = [0.5, 0.95, 0.99, 0.999];
const COUNT = 100_000;

describe.skipIf(prometheusBinary.skipReason)('asked of a real Prometheus', () => {
  const { registry, errors } = openRegistry();
  const trueQuantiles = new Map<string, number>();
  const server = createServer((request, response) => {
    const isNative = request.headers.accept?.startsWith('application/vnd.google.protobuf');
    answerScrape(response, registry, isNative ? 'protobuf' : 'prometheus');
  });
  const servers: PrometheusServer[] = [];
  let native: PrometheusServer;
  let classic: PrometheusServer;

  beforeAll(async () => {
    const histogram = registry.histogram({ name: 'h_seconds', help: 'H.', labelNames: ['kind'] });
    for (const [kind, draw] of Object.entries(DISTRIBUTIONS)) {
      const series = histogram.labels({ kind });
      const values = Float64Array.from({ length: COUNT }, draw).sort();
      for (const value of values) series.observe(value);
      for (const quantile of QUANTILES) trueQuantiles.set(`${kind} ${quantile}`, values[Math.ceil(quantile * COUNT) - 1] as number);
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const configuration = `global: { scrape_interval: 200ms }\nscrape_configs:\n- { job_name: tsukimi, static_configs: [{ targets: ['${target}'] }] }\n`;
    native = await startPrometheus(prometheusBinary.path, configuration, ['--enable-feature=native-histograms']);
    servers.push(native);
    classic = await startPrometheus(prometheusBinary.path, configuration);
    servers.push(classic);
    for (const prometheus of servers) await waitUntil('a scrape', async () => (await prometheus.query('up == 1')).length > 0);
  });

  afterAll(async () => {
    for (const prometheus of servers) await prometheus.stop();
    server.close();
  });

  // On a busy machine, Prometheus gives a scrape up now and then, and has no values until the next one.
  const answered = async (prometheus: PrometheusServer, expression: string) =>
    await waitUntil(`an answer to ${expression}`, async () => {
      const samples = await prometheus.query(expression);
      return samples.length > 0 && new Map(samples.map(({ labels, value }) => [labels['kind'], Number(value)]));
    });

  test.each(QUANTILES)('the quantile %s of ten distributions is true, and the classic answer is what it is', async (quantile) => {
    const fromNative = await answered(native, `histogram_quantile(${quantile}, h_seconds)`);
    const fromClassic = await answered(classic, `histogram_quantile(${quantile}, h_seconds_bucket)`);
    const rows = Object.keys(DISTRIBUTIONS).map((kind) => {
      const value = trueQuantiles.get(`${kind} ${quantile}`) as number;
      const off = (answer: number | undefined) => ((answer ?? Number.NaN) - value) / value;
      return { kind, value, native: off(fromNative.get(kind)), classic: off(fromClassic.get(kind)) };
    });
    const shown = rows.map(
      ({ kind, value, ...off }) => `${kind} ${value.toPrecision(3)} s: native ${percent(off.native)}, classic ${percent(off.classic)}`,
    );
    // Shows beside it what a server without native histograms answers.
    console.log(`p${quantile * 100}\n  ${shown.join('\n  ')}`);
    for (const row of rows) {
      expect(Math.abs(row.native), `${row.kind} ${quantile}`).toBeLessThan(0.025);
    }
    expect(errors).toEqual([]);
  });

  test('counts and sums are exact', async () => {
    const sums = new Map(
      registry
        .snapshot()
        .metrics.flatMap((metric) => (metric.type === 'histogram' ? metric.series : []))
        .map(({ labels, sum }) => [labels[0], sum]),
    );
    expect(await answered(native, 'histogram_count(h_seconds)')).toEqual(new Map(Object.keys(DISTRIBUTIONS).map((kind) => [kind, COUNT])));
    expect(await answered(native, 'histogram_sum(h_seconds)')).toEqual(sums);
  });

  test('a schema that is lowered is no counter reset', async () => {
    const wide = registry.histogram({ name: 'wide_seconds', help: 'W.', maxNativeBuckets: 16 });
    for (let octave = 0; octave < 4; octave += 1) {
      for (let index = 1; index <= 16; index += 1) wide.observe(2 ** (octave + (index - 0.5) / 16));
      const count = String(16 * (octave + 1));
      await waitUntil(`${count} values are scraped`, async () => (await native.query('histogram_count(wide_seconds)'))[0]?.value === count);
    }
    // 48 after the first scrape, with what Prometheus adds at both ends of the range; two resets would have added 48 more.
    const increase = Number((await native.query('histogram_count(increase(wide_seconds[1m]))'))[0]?.value);
    expect(increase).toBeGreaterThanOrEqual(48);
    expect(increase).toBeLessThan(90);
  });
});

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
