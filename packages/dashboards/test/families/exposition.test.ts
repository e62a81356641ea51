/** The text format as families: every rule of the format, and whatever our own registry writes. */
import { type MetricFamily, readExposition } from '@tsukimi/dashboards';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { thrownBy } from '../support/thrown-by.js';

const one = (text: string): MetricFamily | undefined => readExposition(text)[0];

describe('a sample', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['without labels', 'a 1', {}, 1],
    ['with empty braces', 'a{} 1', {}, 1],
    ['with blanks and tabs everywhere', '\t a \t{ b = "x" ,\tc="y" , } \t1 \t1395066363000', { b: 'x', c: 'y' }, 1],
    ['with a comma behind the last label', 'a{b="x",} 1', { b: 'x' }, 1],
    ['with braces, commas and equals signs in a value', 'a{b="{x=\\"1\\",y} 2"} 3', { b: '{x="1",y} 2' }, 3],
    ['with every escape', 'a{b="\\\\n is \\n, \\" is a quote"} 1', { b: '\\n is \n, " is a quote' }, 1],
    ['with an escape that is none', 'a{b="\\d"} 1', { b: '\\d' }, 1],
    ['with an empty value', 'a{b=""} 1', { b: '' }, 1],
    ['with a number sign in a value', 'a{b=" # x"} 1', { b: ' # x' }, 1],
    ['with a time', 'a 1 1395066363000', {}, 1],
    ['with an exemplar of OpenMetrics', 'a{b="x"} 1 # {trace_id="1"} 0.5 1.5', { b: 'x' }, 1],
    ['with an exponent', 'a -1.5e-07', {}, -1.5e-7],
    ['with a plus sign', 'a +.5E+3', {}, 500],
    ['that is infinite', 'a +Inf', {}, Number.POSITIVE_INFINITY],
    ['that is infinitely small', 'a -Inf', {}, Number.NEGATIVE_INFINITY],
    ['that is no number', 'a NaN', {}, Number.NaN],
    ['with a carriage return', 'a 1\r', {}, 1],
    ['with a label that objects have', 'a{__proto__="x"} 1', Object.fromEntries([['__proto__', 'x']]), 1],
    ['with a colon in its name', 'a:b:c 1', {}, 1],
  ])('%s', (_, line, labels, value) => {
    expect(one(line)?.series).toEqual([{ labels, value }]);
  });

  test.each([
    ['a', 'a number is expected at its end'],
    ['a x', 'a number is expected at its end'],
    ['a 0x10', 'a number is expected at its end'],
    ['a 1 2 3', 'a number is expected at its end'],
    ['a{b="x" 1', 'its labels are not written as {name="value"}'],
    ['a{b="x"c="y"} 1', 'its labels are not written as {name="value"}'],
    ['a{b=x} 1', 'its labels are not written as {name="value"}'],
    ['a{b="x} 1', 'its labels are not written as {name="value"}'],
    ['{"a.b"} 1', 'a metric name is expected at its beginning'],
    ['<html>', 'a metric name is expected at its beginning'],
  ])('%s is none', (line, why) => {
    const error = thrownBy(() => readExposition(`# a comment\nfine 1\n${line}\n`));
    expect(error.code).toBe('TSK_ERR_FAMILY_EXPOSITION');
    expect(error.message).toBe(
      `Line 3 (${line.length} character${line.length === 1 ? '' : 's'}) is not a valid line of Prometheus's text format: ${why}. Pass the unchanged response of /metrics/prometheus.`,
    );
  });
});

describe('a family', () => {
  test('is a histogram with its buckets, sum and count as one', () => {
    const text = `# HELP h_seconds Help\\\\me\\nnow.
# TYPE h_seconds histogram
h_seconds_bucket{path="/a",le="1"} 1
h_seconds_bucket{path="/a",le="+Inf"} 2
h_seconds_sum{path="/a"} 3
h_seconds_count{path="/a"} 2
h_seconds_bucket{path="/b",le="+Inf"} 0
h_seconds_sum{path="/b"} 0
h_seconds_count{path="/b"} 0
`;
    expect(readExposition(text)).toEqual([
      {
        name: 'h_seconds',
        type: 'histogram',
        help: 'Help\\me\nnow.',
        labelNames: ['path'],
        buckets: [1],
        series: [
          { labels: { path: '/a' }, value: undefined },
          { labels: { path: '/b' }, value: undefined },
        ],
      },
    ]);
  });

  test('is a summary with its quantiles, sum and count as one', () => {
    const text = '# TYPE s summary\ns{quantile="0.5"} NaN\ns_sum 0\ns_count 0\n';
    expect(one(text)).toEqual({ name: 's', type: 'summary', help: '', labelNames: [], series: [{ labels: {}, value: undefined }] });
  });

  test.each<[string, string]>([
    ['counter', '# TYPE x_total counter\nx_total 1'],
    ['counter', 'x_total 1'],
    ['gauge', '# TYPE x_total gauge\nx_total 1'],
    ['gauge', 'x 1'],
    ['gauge', '# TYPE x untyped\nx 1'],
    ['info', '# TYPE x_info gauge\nx_info{a="1"} 1\nx_info{a="2"} 1'],
    ['gauge', '# TYPE x_info gauge\nx_info{a="1"} 1\nx_info{a="2"} 2'],
    ['gauge', '# TYPE x_info gauge'],
    ['stateset', '# TYPE x gauge\nx{x="a"} 1\nx{x="b"} 0'],
    ['gauge', '# TYPE x gauge\nx{x="a"} 2'],
    ['gauge', '# TYPE x gauge\nx{y="a"} 1'],
    ['histogram', '# TYPE x histogram'],
  ])('is a %s: %j', (type, text) => {
    expect(one(text)?.type).toBe(type);
  });

  test('stands with its own name beside a histogram whose name it begins with', () => {
    const text =
      '# TYPE a histogram\na_bucket{le="+Inf"} 0\n# TYPE a_total counter\na_total 1\n# TYPE a_size_count gauge\na_size_count 7\n';
    expect(readExposition(text).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a histogram',
      'a_total counter',
      'a_size_count gauge',
    ]);
  });

  test('of OpenMetrics has the name that is queried', async () => {
    const registry = new MetricsRegistry();
    registry.counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'] }).inc({ kind: 'a' }, 2);
    registry.info({ name: 'build_info', help: 'Build.', labelNames: ['version'] }).set({ version: '1' });
    const families = readExposition(await registry.expose({ format: 'openmetrics', names: ['jobs_total', 'build_info'] }));
    expect(families).toEqual([
      { name: 'jobs_total', type: 'counter', help: 'Jobs.', labelNames: ['kind'], series: [{ labels: { kind: 'a' }, value: 2 }] },
      { name: 'build_info', type: 'info', help: 'Build.', labelNames: ['version'], series: [{ labels: { version: '1' }, value: 1 }] },
    ]);
  });
});

test('nothing is read from nothing, from comments and from empty lines', () => {
  expect(readExposition('')).toEqual([]);
  expect(readExposition('\n# EOF\n#\n# HELP\n  \n')).toEqual([]);
});

test('whatever our registry writes is read back', async () => {
  const label = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '' && text.isWellFormed());
  const value = fc.double({ noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.tuple(label, value), { selector: ([text]) => text, maxLength: 5 }), label, async (series, help) => {
      const registry = new MetricsRegistry();
      const gauge = registry.gauge({ name: 'g', help, labelNames: ['a'] });
      for (const [text, number] of series) gauge.set({ a: text }, number);
      const [family] = readExposition(await registry.expose({ names: ['g'] }));
      expect(family?.series).toEqual(series.map(([text, number]) => ({ labels: { a: text }, value: number + 0 })));
      // Blanks between the name and the help are nobody's, in Prometheus's own reader too.
      expect(family?.help).toBe(gauge.help.replace(/^[ \t]+/, ''));
    }),
  );
});
