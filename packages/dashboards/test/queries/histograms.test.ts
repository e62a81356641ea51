/** What dashboards and rules ask of histograms: which series, and what a real Prometheus answers while it has native and classic ones. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildDashboard, buildRules, catalogueFamilies, type HistogramKind, readExposition } from '@tsukimi/dashboards';
import { MetricsRegistry } from '@tsukimi/metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerScrape } from '../../../../test/support/answer-scrape.js';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectText } from '../../../../test/support/project.js';
import { type PrometheusServer, startPrometheus } from '../../../../test/support/prometheus-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { panelsOf, queriesOf, targetsOf } from '../support/panels.js';
import { thrownBy } from '../support/thrown-by.js';

const OWN = readExposition('# TYPE wait_seconds histogram\nwait_seconds_bucket{shop="x",le="+Inf"} 1\n# TYPE size summary\nsize_count 1\n');

/** Every query of a dashboard and of the rules. */
function everyQuery(histograms: HistogramKind): string[] {
  const dashboard = buildDashboard({ families: [...catalogueFamilies(), ...OWN], histograms });
  const panels = panelsOf(dashboard).flatMap(targetsOf);
  const rules = buildRules({ families: catalogueFamilies(), histograms }).flatMap(({ text }) => [...text.matchAll(/expr: (.*)/g)]);
  return [...panels.map(({ expr }) => expr), ...rules.map(([, expr = '']) => expr)];
}

const isClassic = (query: string) => /_(?:seconds|returned)_(?:bucket|count|sum)\b/.test(query);
const isNative = (query: string) =>
  /histogram_(?:count|sum)\(|_seconds(?:\{[^}]*\})?\[[^\]]+\]\)\)/.test(query.replaceAll(/_(?:min|max|p\d+|lag)_seconds/g, ''));

describe('the queries', () => {
  test('ask for native and classic histograms, each where the other is asked for', () => {
    const both = everyQuery('both').filter((query) => isClassic(query) || isNative(query));
    expect(both.length).toBeGreaterThan(35);
    for (const query of both) expect([isClassic(query), isNative(query)], query).toEqual([true, true]);
  });

  test.each<[HistogramKind, (query: string) => boolean, (query: string) => boolean]>([
    ['classic', isClassic, isNative],
    ['native', isNative, isClassic],
  ])('ask for %s histograms only, in as many places, where those were chosen', (kind, isAsked, isOther) => {
    const queries = everyQuery(kind);
    expect(queries.filter(isOther)).toEqual([]);
    expect(queries.filter(isAsked)).toHaveLength(everyQuery('both').filter(isAsked).length);
  });

  test('ask summaries for their count and sum, whatever was chosen', () => {
    const queries = (['classic', 'native', 'both'] as const).map((histograms) =>
      queriesOf(buildDashboard({ families: OWN, histograms }), 'size, quantiles'),
    );
    expect(new Set(queries.map(String)).size).toBe(1);
    expect(queries[0]?.[1]).toMatch(/^sum\(rate\(size_sum\{.*\}\[\$__rate_interval\]\)\) \/ \(sum\(rate\(size_count\{/);
  });

  test.each([['modern'], [''], [null], [true]])('of rules for %j are refused', (histograms) => {
    const error = thrownBy(() => buildRules({ families: [], histograms: histograms as HistogramKind }));
    expect(error).toMatchObject({
      code: 'TSK_ERR_DASHBOARD_OPTION',
      message: `histograms is ${JSON.stringify(histograms)}; classic, native or both is expected.`,
    });
  });
});

const prometheusBinary = requireBinary('prometheus');

/** A target that answers with the text format, so that Prometheus keeps classic buckets, until it is told to answer with native histograms. */
class Target {
  readonly registry = new MetricsRegistry();
  readonly waits = this.registry.histogram({ name: 'wait_seconds', help: 'W.', labelNames: ['shop'], buckets: [1, 10] });
  isNative = false;
  readonly #server: Server = createServer((_request, response) => {
    answerScrape(response, this.registry, this.isNative ? 'protobuf' : 'prometheus');
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}

describe.skipIf(prometheusBinary.skipReason)('asked of a Prometheus that has both kinds', () => {
  const [old, switched] = [new Target(), new Target()];
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    const groups = [];
    for (const [instance, target] of Object.entries({ old, switched }))
      groups.push({ targets: [await target.listen()], labels: { instance } });
    const configuration = { global: { scrape_interval: '200ms' }, scrape_configs: [{ job_name: 'shops', static_configs: groups }] };
    prometheus = await startPrometheus(prometheusBinary.path, JSON.stringify(configuration), ['--enable-feature=native-histograms']);
  });

  afterAll(async () => {
    await prometheus?.stop();
    old.close();
    switched.close();
  });

  /** The panel's query for one instance or for all, over a minute. */
  async function answered(panel: string, instance = '.*', refId = 0): Promise<Record<string, number>> {
    const query = queriesOf(buildDashboard({ families: OWN }), panel)[refId] as string;
    const expression = query.replaceAll('$job', '.*').replaceAll('$instance', instance).replaceAll('$__rate_interval', '1m');
    const samples = await prometheus.query(expression);
    return Object.fromEntries(samples.map(({ labels, value }) => [labels['le'] ?? labels['shop'] ?? '', Number(value)]));
  }

  const observe = (target: Target, seconds: number, times = 100) => {
    for (let time = 0; time < times; time += 1) target.waits.observe({ shop: 'x' }, seconds);
  };

  const median = (instance?: string) => answered('wait_seconds, percentiles', instance);
  const increased = (expression: string, atLeast: number) =>
    waitUntil(expression, async () => Number((await prometheus.query(expression))[0]?.value) >= atLeast);
  const samplesOf = (selector: string) => `count_over_time(${selector}[1m])`;

  test('the native one wins as soon as it has two samples, also where nothing was observed since', async () => {
    for (const target of [old, switched]) observe(target, 0.02);
    for (const instance of ['old', 'switched']) await increased(samplesOf(`wait_seconds_count{instance="${instance}"}`), 2);
    for (const target of [old, switched]) observe(target, 0.02);
    for (const instance of ['old', 'switched']) await increased(`wait_seconds_count{instance="${instance}"}`, 200);
    // All are below the first bound, 1 s: the classic answer is its middle.
    expect(await median('switched')).toEqual({ '': 0.5 });
    expect(Object.keys(await answered('wait_seconds, spread', 'switched')).sort()).toEqual(['+Inf', '1', '10']);

    switched.isNative = true;
    await increased(samplesOf('wait_seconds{instance="switched"}'), 2);
    // A minute has classic samples with an increase, and native ones without.
    expect(await prometheus.query('increase(wait_seconds_count{instance="switched"}[1m]) > 0')).toHaveLength(1);
    expect(await median('switched')).toEqual({});

    observe(switched, 0.02);
    await increased('histogram_count(wait_seconds{instance="switched"})', 300);
    const { '': native } = await median('switched');
    expect(Math.abs((native ?? 0) - 0.02) / 0.02).toBeLessThan(0.025);
    expect(await median('old')).toEqual({ '': 0.5 });
  });

  test('a heat map has buckets of one kind', async () => {
    const spread = queriesOf(buildDashboard({ families: OWN }), 'wait_seconds, spread')[0] as string;
    const ask = (instance: string) =>
      prometheus.api<{ result: readonly { metric: object; histogram?: object }[] }>(
        `/api/v1/query?${new URLSearchParams({ query: spread.replaceAll('$job', '.*').replaceAll('$instance', instance).replaceAll('$__rate_interval', '1m') })}`,
      );
    expect((await ask('switched')).result.map(({ metric, histogram }) => [metric, histogram !== undefined])).toEqual([[{}, true]]);
    expect((await ask('old')).result.map(({ metric, histogram }) => [metric, histogram !== undefined])).toEqual(
      ['+Inf', '1', '10'].map((le) => [{ le }, false]).sort(),
    );
  });

  test('counts and sums of instances of both kinds add up', async () => {
    const families = [...OWN, ...readExposition('# TYPE nodejs_gc_duration_seconds histogram\nnodejs_gc_duration_seconds_count 1\n')];
    const [counts = ''] = queriesOf(buildDashboard({ families }), 'Garbage collections');
    const ofWaits = counts
      .replace('instance, kind', 'shop')
      .replaceAll('nodejs_gc_duration_seconds', 'wait_seconds')
      .replaceAll('$job', '.*')
      .replaceAll('[$__rate_interval]', '[1m]');
    const rates = await Promise.all(
      ['old', 'switched', '.*'].map(async (instance) =>
        Number((await prometheus.query(ofWaits.replaceAll('$instance', instance)))[0]?.value),
      ),
    );
    // Each query is at its own moment, and the range moves with it.
    expect(rates[0]).toBeGreaterThan(0);
    expect(rates[1]).toBeGreaterThan(0);
    expect((rates[2] ?? 0) / ((rates[0] ?? 0) + (rates[1] ?? 0))).toBeCloseTo(1, 1);
  });

  const guide = codeBlocksOf(projectText('docs/guides/native-histograms.md')).filter(({ language }) => language === 'promql');
  test.each(guide.map(({ code }) => code.trim()))('the query of the guide has a value: %s', async (query) => {
    const asked = query.replaceAll('http_request_duration_seconds', 'wait_seconds').replaceAll('path', 'shop').replaceAll('5m', '1m');
    const [sample] = await prometheus.query(asked);
    expect(Number(sample?.value)).toBeGreaterThan(0);
  });
});
