/** Families of the catalogue and of registries, and lists of them as one. */
import { catalogueFamilies, familiesOfRegistry, type MetricFamily, mergeFamilies, PROCESS_CATALOGUE } from '@tsukimi/dashboards';
import { CATALOGUE } from '@tsukimi/instrumentation';
import { MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';

describe('the catalogue', () => {
  test('has each of its metrics once, without series', () => {
    const families = catalogueFamilies();
    const expected = [...Object.values(CATALOGUE), ...Object.values(PROCESS_CATALOGUE)].map(({ name }) => name);
    expect(families.map(({ name }) => name)).toEqual(expected);
    expect(new Set(expected).size).toBe(expected.length);
    expect(families.every(({ series }) => series.length === 0)).toBe(true);
    expect(families.find(({ name }) => name === 'http_requests_total')).toEqual({
      name: 'http_requests_total',
      type: 'counter',
      help: CATALOGUE.httpRequests.help,
      labelNames: ['method', 'path', 'status'],
      series: [],
    });
  });

  test('has every metric of the process, as it is exposed', async () => {
    const registry = new MetricsRegistry();
    for (const metric of processMetrics()) registry.registerMetric(metric);
    const exposed = (await familiesOfRegistry(registry)).filter(({ name }) => !name.startsWith('metrics_'));
    const known = new Map<string, { type: string; help: string; labelNames: readonly string[] }>(
      Object.values(PROCESS_CATALOGUE).map((metric) => [metric.name, metric]),
    );
    for (const { name, type, help, labelNames } of exposed) {
      expect(known.get(name), name).toMatchObject({ type, help });
      expect(known.get(name)?.labelNames, name).toEqual(expect.arrayContaining([...labelNames]));
    }
    // A platform may lack some: open file descriptors are Linux's.
    expect(exposed.length).toBeGreaterThan(20);
    if (process.platform === 'linux') expect(exposed).toHaveLength(known.size);
  });
});

test('a registry has the kinds that the text format lacks, and labels before the first value', async () => {
  const registry = new MetricsRegistry({ defaultLabels: { team: 'moon' } });
  registry.info({ name: 'build', help: 'B.', labelNames: ['version'] });
  registry.stateSet({ name: 'phase', help: 'P.', states: ['full'], labelNames: ['planet'] });
  registry.counter({ name: 'landings_total', help: 'L.', labelNames: ['crew'] }).inc({ crew: '3' });
  const families = await familiesOfRegistry(registry);
  expect(families.filter(({ name }) => !name.startsWith('metrics_'))).toEqual([
    { name: 'build', type: 'info', help: 'B.', labelNames: ['version'], series: [] },
    { name: 'phase', type: 'stateset', help: 'P.', labelNames: ['planet'], series: [] },
    {
      name: 'landings_total',
      type: 'counter',
      help: 'L.',
      labelNames: ['crew', 'team'],
      series: [{ labels: { crew: '3', team: 'moon' }, value: 1 }],
    },
  ]);
});

describe('merging', () => {
  const family = (given: Partial<MetricFamily>): MetricFamily => ({
    name: 'a',
    type: 'gauge',
    help: '',
    labelNames: [],
    series: [],
    ...given,
  });

  test('keeps the type and help of the first, adds labels, series and what only the second has', () => {
    const base = [family({ help: 'First.', labelNames: ['x'], series: [{ labels: { x: '1', y: '2' }, value: 1 }] })];
    const added = [
      family({ type: 'info', help: 'Second.', labelNames: ['y', 'x'], series: [{ labels: { y: '2', x: '1' }, value: 2 }] }),
      family({ name: 'b' }),
    ];
    expect(mergeFamilies(base, added)).toEqual([
      { name: 'a', type: 'gauge', help: 'First.', labelNames: ['x', 'y'], series: [{ labels: { y: '2', x: '1' }, value: 2 }] },
      family({ name: 'b' }),
    ]);
    expect(base[0]?.labelNames).toEqual(['x']);
  });

  test('takes the help of the second where the first has none', () => {
    expect(mergeFamilies([family({})], [family({ help: 'Second.' })])[0]?.help).toBe('Second.');
  });

  test('with nothing changes nothing', () => {
    expect(mergeFamilies(catalogueFamilies(), [])).toEqual(catalogueFamilies());
    expect(mergeFamilies(catalogueFamilies(), catalogueFamilies())).toEqual(catalogueFamilies());
  });
});
