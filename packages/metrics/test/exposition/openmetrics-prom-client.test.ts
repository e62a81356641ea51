/** OpenMetrics of prom-client's metrics, and through the registry's own ways out. */
import { OPENMETRICS_CONTENT_TYPE, PROMETHEUS_CONTENT_TYPE, processMetrics } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { openRegistry, thrownBy, untyped } from '../support/open-registry.js';
import { NOW, openMetricsOf, stopTheDate } from '../support/openmetrics-of.js';
import { parseOpenMetrics } from '../support/openmetrics-parser.js';
import { parseStrictly } from '../support/strict-parser.js';

stopTheDate();

describe("prom-client's metrics", () => {
  test('stand there as ours do', async () => {
    const { registry } = openRegistry();
    const registers = [registry];
    new promClient.Counter({ name: 'theirs_total', help: 'T "t".', labelNames: ['a'], registers }).inc({ a: 'x' });
    new promClient.Counter({ name: 'jobs', help: 'J.', registers }).inc(2);
    new promClient.Gauge({ name: 'heap_bytes', help: 'H.', registers }).set(5);
    new promClient.Histogram({ name: 'their_seconds', help: 'S.', buckets: [1, 1e6], registers }).observe(2);
    new promClient.Summary({ name: 'their_size', help: 'Z.', percentiles: [0.5], registers }).observe(2);
    registry.registerMetric(untyped({ name: 'odd', get: () => ({ name: 'odd', type: 'untyped', values: [{ value: 1 }] }) }));
    const names = ['theirs', 'jobs', 'heap_bytes', 'their_seconds', 'their_size', 'odd'];
    expect(await openMetricsOf(registry, ...names)).toBe(`# TYPE theirs counter
# HELP theirs T \\"t\\".
theirs_total{a="x"} 1
# TYPE jobs unknown
# HELP jobs J.
jobs 2
# TYPE heap_bytes gauge
# UNIT heap_bytes bytes
# HELP heap_bytes H.
heap_bytes 5
# TYPE their_seconds histogram
# UNIT their_seconds seconds
# HELP their_seconds S.
their_seconds_bucket{le="1.0"} 0
their_seconds_bucket{le="1e+06"} 1
their_seconds_bucket{le="+Inf"} 1
their_seconds_sum 2
their_seconds_count 1
# TYPE their_size summary
# HELP their_size Z.
their_size{quantile="0.5"} 2
their_size_sum 2
their_size_count 1
# TYPE odd unknown
# HELP odd${' '}
odd 1
# EOF
`);
  });

  test('keep their names: nothing is taken off for good', async () => {
    const { registry } = openRegistry();
    const theirs = new promClient.Counter({ name: 'theirs_total', help: 'T.', registers: [registry] });
    for (let scrape = 0; scrape < 2; scrape += 1) {
      expect(await openMetricsOf(registry, 'theirs_total')).toContain('# TYPE theirs counter\n');
      expect(await registry.expose({ names: ['theirs_total'] })).toContain('# TYPE theirs_total counter\ntheirs_total 0\n');
    }
    expect((theirs as unknown as { name: string }).name).toBe('theirs_total');
  });

  test('their exemplars too', async () => {
    const { registry } = openRegistry();
    registry.setContentType(OPENMETRICS_CONTENT_TYPE);
    const registers = [registry as never];
    const counter = new promClient.Counter({ name: 'theirs_total', help: 'T.', registers, enableExemplars: true });
    counter.inc({ value: 2, labels: {}, exemplarLabels: { trace_id: 'x' } });
    const histogram = new promClient.Histogram({ name: 'their_seconds', help: 'S.', buckets: [1], registers, enableExemplars: true });
    histogram.observe({ value: 3, labels: {}, exemplarLabels: { trace_id: 'y' } });
    const text = await openMetricsOf(registry, 'theirs', 'their_seconds');
    expect(text).toContain(`theirs_total 2 # {trace_id="x"} 2 ${NOW}\n`);
    expect(text).toContain(`their_seconds_bucket{le="+Inf"} 1 # {trace_id="y"} 3 ${NOW}\n`);
    parseStrictly(await registry.expose());
  });

  test("the process's", async () => {
    const { registry } = openRegistry();
    for (const metric of processMetrics()) registry.registerMetric(metric);
    const types = new Map(parseOpenMetrics(await openMetricsOf(registry)).map(({ name, type, unit }) => [name, `${type} ${unit}`]));
    expect(types.get('process_cpu_seconds')).toBe('counter seconds');
    expect(types.get('process_resident_memory_bytes')).toBe('gauge bytes');
    expect(types.get('nodejs_gc_duration_seconds')).toBe('histogram seconds');
    expect([...types].filter(([, type]) => type.startsWith('unknown'))).toEqual([]);
  });
});

describe('through the registry', () => {
  test('setContentType sets the format of metrics()', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'c_total', help: 'C.' });
    registry.setContentType(OPENMETRICS_CONTENT_TYPE);
    expect(registry.contentType).toBe(OPENMETRICS_CONTENT_TYPE);
    expect(await registry.metrics()).toBe(await registry.expose({ format: 'openmetrics' }));
    expect(await registry.getSingleMetricAsString('c_total')).toBe(await registry.expose({ format: 'openmetrics', names: ['c_total'] }));
    expect(await registry.expose()).toContain('# TYPE c_total counter\n');
    registry.setContentType(PROMETHEUS_CONTENT_TYPE);
    expect(await registry.metrics()).toBe(await registry.expose());
    expect(thrownBy(() => registry.setContentType(untyped('text/html'))).code).toBe('TSK_ERR_METRIC_CONTENT_TYPE');
    expect(registry.contentType).toBe(PROMETHEUS_CONTENT_TYPE);
  });

  test('Registry.merge with an OpenMetrics registry of theirs', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'c_total', help: 'C.' }).inc();
    registry.setContentType(OPENMETRICS_CONTENT_TYPE);
    const theirs = new promClient.Registry();
    theirs.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE as never);
    const text = await promClient.Registry.merge([registry as never, theirs as never]).metrics();
    expect(text).toContain('# TYPE c counter\nc_total 1\n');
    expect(await registry.expose({ names: ['c_total'] })).toContain('c_total 1\n');
  });

  test('one bad collector costs its own metric and a report, not the end', async () => {
    const { registry, codes } = openRegistry();
    registry.gauge({ name: 'broken', help: 'B.', collect: () => Promise.reject(new Error('gone')) });
    registry.gauge({ name: 'whole', help: 'W.' });
    expect(await openMetricsOf(registry, 'broken', 'whole')).toBe('# TYPE whole gauge\n# HELP whole W.\nwhole 0\n# EOF\n');
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });

  test.each([['proto'], ['toString'], [null], [5]])('the format %j is refused', async (format) => {
    const { registry } = openRegistry();
    expect(thrownBy(() => registry.exposeStream({ format: untyped(format) })).code).toBe('TSK_ERR_METRIC_FORMAT');
    await expect(registry.expose({ format: untyped(format) })).rejects.toMatchObject({ code: 'TSK_ERR_METRIC_FORMAT' });
  });

  test('names may be families and samples', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'c_total', help: 'C.' });
    registry.histogram({ name: 'h', help: 'H.' });
    registry.summary({ name: 's', help: 'S.' });
    registry.info({ name: 'i_info', help: 'I.' });
    registry.gauge({ name: 'g_total', help: 'G.' });
    new promClient.Counter({ name: 'theirs_total', help: 'T.', registers: [registry] });
    new promClient.Histogram({ name: 'their_h', help: 'T.', registers: [registry] });
    const asked: [string, string[]][] = [
      ['c_total', ['c_total']],
      ['c', ['c_total']],
      ['c_created', ['c_total']],
      ['h', ['h']],
      ['h_bucket', ['h']],
      ['h_sum', ['h']],
      ['h_count', ['h']],
      ['h_created', ['h']],
      ['s_sum', ['s']],
      ['s_bucket', []],
      ['i', ['i_info']],
      ['g', []],
      ['theirs', ['theirs_total']],
      ['their_h_bucket', ['their_h']],
      ['none', []],
      ['', []],
    ];
    for (const [name, expected] of asked) {
      const types = [...(await registry.expose({ names: [name] })).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
      expect([name, types]).toEqual([name, expected]);
    }
    expect(await registry.expose({ names: [] })).toBe('');
    expect(await registry.expose({ format: 'openmetrics', names: [] })).toBe('# EOF\n');
  });
});
