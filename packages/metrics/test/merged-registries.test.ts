/** `MetricsRegistry.merge`: registries of both kinds as one, in any depth. */
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { openRegistry, thrownBy } from './support/open-registry.js';
import { parseStrictly } from './support/strict-parser.js';

function registries(...names: string[]): MetricsRegistry[] {
  return names.map((name, index) => {
    const { registry } = openRegistry();
    registry.counter({ name: `${name}_total`, help: 'C.', labelNames: ['l'] }).inc({ l: 'x' }, index + 1);
    registry.recordMetric('no name');
    return registry;
  });
}

async function samplesOf(registry: promClient.Registry): Promise<Record<string, readonly unknown[]>> {
  const families = parseStrictly((await registry.metrics()).replaceAll('\n\n', '\n'));
  return Object.fromEntries(families.map(({ name, samples }) => [name, samples.map(({ labels, value }) => [labels, value])]));
}

function refusal(registries: readonly MetricsRegistry[]): unknown {
  const { code, message } = thrownBy(() => MetricsRegistry.merge(registries));
  return [code, message];
}

const invalid = 'metrics_invalid_values_total';

describe('MetricsRegistry.merge', () => {
  type Tree = number | readonly Tree[];
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, fc.nat(3), fc.array(tie('tree') as fc.Arbitrary<Tree>, { minLength: 1, maxLength: 4 })),
  }));
  const leavesOf = (node: Tree): number[] => (typeof node === 'number' ? [node] : node.flatMap(leavesOf));

  test('in any depth, each registry counts once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 4 }), fc.boolean(), async (roots, labelled) => {
        const leaves = registries('a', 'b', 'c', 'd');
        if (labelled) for (const [index, leaf] of leaves.entries()) leaf.setDefaultLabels({ app: `app${index}` });
        const built = (node: Tree): promClient.Registry =>
          typeof node === 'number' ? (leaves[node] as MetricsRegistry) : MetricsRegistry.merge(node.map(built));
        const used = [...new Set(roots.flatMap(leavesOf))];
        const samples = await samplesOf(MetricsRegistry.merge(roots.map(built)));
        const apps = labelled ? used.map((leaf) => [{ metric: 'no name', app: `app${leaf}` }, 1]) : [[{ metric: 'no name' }, used.length]];
        expect(samples[invalid]).toEqual(expect.arrayContaining(apps));
        expect(samples[invalid]).toHaveLength(apps.length);
        for (const leaf of used)
          expect(samples[`${'abcd'[leaf]}_total`]).toEqual([[labelled ? { l: 'x', app: `app${leaf}` } : { l: 'x' }, leaf + 1]]);
        expect(Object.keys(samples)).toHaveLength(used.length + 2);
      }),
      { numRuns: 200 },
    );
  });

  test("of prom-client's merged ones, and of prom-client's own registries with default labels", async () => {
    const [a, b] = registries('a', 'b') as [MetricsRegistry, MetricsRegistry];
    const theirs = new promClient.Registry();
    theirs.setDefaultLabels({ app: 'theirs', l: 'default' });
    const histogram = new promClient.Histogram({ name: 'h', help: 'H.', buckets: [1], labelNames: ['l'], registers: [theirs] });
    histogram.observe({ l: 'x' }, 0.5);
    const merge = (registry: MetricsRegistry) => promClient.Registry.merge([registry]);
    const merged = MetricsRegistry.merge([merge(a), merge(b), theirs]);
    a.recordMetric('no name');
    const samples = await samplesOf(merged);
    expect(samples[invalid]).toEqual([[{ metric: 'no name' }, 3]]);
    const labels = { l: 'x', app: 'theirs' };
    expect(samples['h']).toEqual([
      [{ ...labels, le: '1' }, 1],
      [{ ...labels, le: '+Inf' }, 1],
      [labels, 0.5],
      [labels, 1],
    ]);
    expect(await merged.getMetricsAsJSON()).toHaveLength(5);
    merged.resetMetrics();
    expect((await samplesOf(merged))['a_total']).toEqual([]);
  });

  test('AggregatorRegistry adds up what two processes merged', async () => {
    const json = async () => {
      const [a, b] = registries('a', 'b') as [MetricsRegistry, MetricsRegistry];
      b.setDefaultLabels({ app: 'b' });
      return MetricsRegistry.merge([MetricsRegistry.merge([a]), b]).getMetricsAsJSON();
    };
    const text = await promClient.AggregatorRegistry.aggregate([await json(), await json()] as never).metrics();
    expect(text).toContain('a_total{l="x"} 2\n');
    expect(text).toContain('b_total{l="x",app="b"} 4\n');
    expect(text).toContain(`${invalid}{metric="no name"} 2\n${invalid}{metric="no name",app="b"} 2\n`);
  });

  test('OpenMetrics registries, scraped twice', async () => {
    const all = registries('a', 'b');
    for (const registry of all) registry.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    all[0]?.setDefaultLabels({ app: 'a' });
    const merged = MetricsRegistry.merge([MetricsRegistry.merge(all)]);
    const text = await merged.metrics();
    expect(text).toContain('# TYPE a counter\na_total{l="x",app="a"} 1\n');
    expect(text).toContain('# TYPE metrics_invalid_values counter\n');
    expect(await merged.metrics()).toBe(text);
  });

  test('what was looked at in another turn is in no other merge', async () => {
    const [a, b] = registries('a', 'b') as [MetricsRegistry, MetricsRegistry];
    a.getMetricsAsArray();
    await null;
    expect((await samplesOf(promClient.Registry.merge([b])))[invalid]).toEqual([[{ metric: 'no name' }, 1]]);
    a.getMetricsAsArray();
    expect((await samplesOf(MetricsRegistry.merge([b])))[invalid]).toEqual([[{ metric: 'no name' }, 1]]);
  });

  test('none, and those that do not fit together', async () => {
    expect(await MetricsRegistry.merge([]).metrics()).toBe('\n');
    const [a, b] = registries('a', 'a') as [MetricsRegistry, MetricsRegistry];
    expect(refusal([a, b])).toEqual([
      'TSK_ERR_METRIC_NAME_TAKEN',
      'a_total is in two of the merged registries, as different objects. Use different names, register one metric in both, or add the values up with registry.merge(other.snapshot()).',
    ]);
    b.setContentType(promClient.Registry.OPENMETRICS_CONTENT_TYPE);
    expect(refusal([a, b])).toEqual([
      'TSK_ERR_METRIC_CONTENT_TYPE',
      'The merged registries have different content types: "text/plain; version=0.0.4; charset=utf-8" and "application/openmetrics-text; version=1.0.0; charset=utf-8". Call setContentType of each with the same one.',
    ]);
  });
});
