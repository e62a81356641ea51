/** Whatever registry can be built: a real Prometheus accepts its scrape, in every format. What it would refuse can't be built. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ExpositionFormat, MetricError, type MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { answerScrape } from '../../../../test/support/answer-scrape.js';
import { startPrometheus } from '../../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

describe('a default label with the name of a state set', () => {
  const states = { name: 'app_state', help: 'S.', states: ['on', 'off'] } as const;

  test('is refused, whichever comes first', () => {
    const first = openRegistry({ defaultLabels: { app_state: 'v' } }).registry;
    expect(thrownBy(() => first.stateSet(states))).toMatchObject({
      code: 'TSK_ERR_METRIC_DEFAULT_LABEL',
      message: expect.stringContaining('Use a different name for the default label or the state set.'),
    });
    const { registry } = openRegistry({ defaultLabels: { zone: 'eu' } });
    registry.stateSet(states).set('on');
    expect(thrownBy(() => registry.setDefaultLabels({ app_state: 'v' })).code).toBe('TSK_ERR_METRIC_DEFAULT_LABEL');
    expect(first.getSingleMetric('app_state')).toBeUndefined();
  });

  test('leaves the labels that were there', async () => {
    const { registry } = openRegistry({ defaultLabels: { zone: 'eu' } });
    registry.stateSet(states).set('on');
    thrownBy(() => registry.setDefaultLabels({ app_state: 'v' }));
    expect((await linesOf(registry, 'app_state'))[0]).toBe('app_state{zone="eu",app_state="on"} 1');
  });
});

describe("of prom-client's metrics", () => {
  test('an unknown type is untyped, a value that is none is NaN, and names that no sample can have cost that metric', async () => {
    const { registry, codes } = openRegistry();
    const family = (name: string, more: object) =>
      registry.registerMetric(untyped({ name, get: () => ({ name, help: 'H.', type: 'gauge', ...more }) }));
    family('odd', { type: 'gaugehistogram', values: [{ value: '5' }, { labels: { a: 'x' }, value: undefined }] });
    family('named', { values: [{ value: 1, labels: { __name__: 'x' } }] });
    family('labelled', { values: [{ value: 1, labels: { 'a-b': 'x' } }] });
    family('samples', { values: [{ value: 1, metricName: 'a b' }] });
    const text = await registry.expose({ names: ['odd', 'named', 'labelled', 'samples'] });
    expect(text).toBe('# HELP odd H.\n# TYPE odd untyped\nodd 5\nodd{a="x"} NaN\n');
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT', 'TSK_ERR_METRIC_COLLECT', 'TSK_ERR_METRIC_COLLECT']);
  });

  test('an exemplar that can’t be read is left out', async () => {
    const { registry } = openRegistry();
    registry.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    const counter = new promClient.Counter({ name: 'c_total', help: 'C.', registers: [registry as never], enableExemplars: true });
    counter.inc({ exemplarLabels: { 'a-b': 'x' }, value: 2 } as never);
    expect(await registry.metrics()).toContain('\nc_total 2\n');
  });
});

const WORDS = [
  'x',
  'x_total',
  'x_count',
  'x_sum',
  'x_bucket',
  'x_created',
  'x_info',
  'x_seconds',
  'x_state',
  'y',
  'y_total',
  'y_seconds_total',
];
const name = fc.constantFrom(...WORDS);
const labelName = fc.constantFrom('a', 'b', 'x', 'x_state', 'y', 'job', 'instance', 'le', 'quantile', '__name__', 'A');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('"', '\\', '\n', '\ud800', '', '\0', '"} 1 # {a="b"} 2'),
);
const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e-320, 1e308, Number.POSITIVE_INFINITY, Number.NaN));
const step = fc.record({
  kind: fc.constantFrom(
    'counter',
    'gauge',
    'histogram',
    'summary',
    'info',
    'stateSet',
    'recorded',
    'their counter',
    'their histogram',
    'defaults',
  ),
  name,
  help: text,
  labelNames: fc.uniqueArray(labelName, { maxLength: 2 }),
  texts: fc.tuple(text, text),
  value,
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Whether a target was read to the end: on a busy machine a first scrape may run into its time limit. */
function isScraped({ health, lastError }: { readonly health: string; readonly lastError: string }): boolean {
  return health !== 'unknown' && !lastError.includes('deadline exceeded');
}

/** Does one step; what the registry refuses has not happened. */
function take(registry: MetricsRegistry, { kind, name, help, labelNames, texts, value }: Step): void {
  const labels: Record<string, string> = Object.fromEntries(labelNames.map((label, index) => [label, texts[index] ?? '']));
  const options = { name, help, labelNames: labelNames as readonly string[] };
  const exemplar = { exemplar: { trace_id: texts[0].slice(0, 20) } };
  const theirs = { ...options, labelNames: [...options.labelNames], registers: [registry] };
  const steps: Readonly<Record<Step['kind'], () => void>> = {
    counter: () => registry.counter(options).inc(labels, value, exemplar),
    gauge: () => registry.gauge(options).set(labels, value),
    histogram: () => registry.histogram({ ...options, buckets: [0, 1.5, 1e6] }).observe(labels, value, exemplar),
    summary: () => registry.summary(options).observe(labels, value),
    info: () => registry.info(options).set(labels),
    stateSet: () => registry.stateSet({ ...options, states: ['on', texts[0]] }).set(labels, 'on'),
    recorded: () => registry.recordMetric(name, { value, labels, help }),
    'their counter': () => new promClient.Counter(theirs).inc(labels, Math.abs(value)),
    'their histogram': () => new promClient.Histogram(theirs).observe(labels, value),
    defaults: () => registry.setDefaultLabels(labels),
  };
  steps[kind]();
}

const prometheusBinary = requireBinary('prometheus');

test.skipIf(prometheusBinary.skipReason)(
  'random registries are scraped by one Prometheus without an error',
  async () => {
    const registries = fc.sample(fc.array(step, { minLength: 1, maxLength: 12 }), { numRuns: 150 }).map((steps) => {
      const { registry } = openRegistry();
      for (const one of steps) {
        try {
          take(registry, one);
        } catch (error) {
          // prom-client's own refusals are plain errors.
          if (!(error instanceof MetricError) && !one.kind.startsWith('their')) throw error;
        }
      }
      return { registry, steps };
    });
    const server = createServer(({ url = '' }, response) => {
      const [, format = '', index = ''] = url.split('/');
      const { registry } = registries[Number(index)] as (typeof registries)[number];
      answerScrape(response, registry, format as ExpositionFormat);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const paths = registries.flatMap((_, index) => [`/prometheus/${index}`, `/openmetrics/${index}`, `/protobuf/${index}`]);
    const configs = paths.map((path) => `{ targets: ['${target}'], labels: { __metrics_path__: '${path}', path: '${path}' } }`);
    const yaml = `global: { scrape_interval: 3s }\nscrape_configs:\n- { job_name: random, honor_labels: false, static_configs: [${configs.join(', ')}] }\n`;
    const prometheus = await startPrometheus(prometheusBinary.path, yaml, ['--enable-feature=native-histograms']);
    try {
      const scraped = async () => {
        const { activeTargets } = await prometheus.api<{
          activeTargets: { health: string; lastError: string; labels: { path: string } }[];
        }>('/api/v1/targets');
        return activeTargets.length === paths.length && activeTargets.every(isScraped) && activeTargets;
      };
      const targets = await waitUntil('every registry was scraped', scraped, { timeoutMs: 60_000, intervalMs: 200 });
      const refused = targets.filter(({ health }) => health !== 'up');
      expect(refused.map(({ lastError, labels }) => [lastError, registries[Number(labels.path.split('/')[2])]?.steps])).toEqual([]);
    } finally {
      await prometheus.stop();
      server.close();
    }
  },
  90_000,
);
