/** Buckets that are chosen apart from where a histogram is made. */
import { Histogram, MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { linesOf, openRegistry, thrownBy, untyped } from './support/open-registry.js';

const waitSeconds = { name: 'wait_seconds', help: 'Wait.', buckets: [1, 2] };

async function boundsOf(registry: MetricsRegistry, name = 'wait_seconds'): Promise<(string | undefined)[]> {
  return (await linesOf(registry, name)).filter((line) => line.includes('_bucket')).map((line) => /le="([^"]+)"/.exec(line)?.[1]);
}

describe('settings of a registry', () => {
  test('hold for histograms made either way, and made again', async () => {
    const { registry } = openRegistry({
      histograms: { wait_seconds: { buckets: [0.1, 0.2] }, other_seconds: { native: false, maxNativeBuckets: 20 } },
    });
    const first = registry.histogram(waitSeconds);
    expect(registry.histogram(waitSeconds)).toBe(first);
    expect(await boundsOf(registry)).toEqual(['0.1', '0.2', '+Inf']);
    const other = new Histogram({ name: 'other_seconds', help: 'Other.', buckets: [3], registers: [registry] });
    expect(other).toMatchObject({ bounds: [3], native: false, maxNativeBuckets: 20 });
    registry.clear();
    registry.histogram(waitSeconds);
    expect(await boundsOf(registry)).toEqual(['0.1', '0.2', '+Inf']);
  });

  test('leave other histograms and other registries alone', async () => {
    const { registry } = openRegistry({ histograms: { other_seconds: { buckets: [7] } } });
    registry.histogram(waitSeconds);
    expect(await boundsOf(registry)).toEqual(['1', '2', '+Inf']);
    expect(new Histogram({ name: 'other_seconds', help: 'O.', buckets: [1], registers: [] }).bounds).toEqual([1]);
  });

  test('are added to one by one until the histogram is made', () => {
    const { registry } = openRegistry({ histograms: { wait_seconds: { buckets: [5] } } });
    registry.configureHistograms({ wait_seconds: { native: false } });
    const histogram = registry.histogram(waitSeconds);
    expect(histogram).toMatchObject({ bounds: [5], native: false });
    registry.configureHistograms({ wait_seconds: { buckets: [5] } });
    expect(thrownBy(() => registry.configureHistograms({ wait_seconds: { buckets: [6] } }))).toMatchObject({
      code: 'TSK_ERR_METRIC_SHAPE',
      message: expect.stringContaining('wait_seconds exists with other buckets.'),
    });
    expect(thrownBy(() => registry.configureHistograms({ wait_seconds: { native: true } })).code).toBe('TSK_ERR_METRIC_SHAPE');
  });

  test('are read where a snapshot makes the histogram', () => {
    const source = openRegistry().registry;
    source.histogram(waitSeconds).observe(1.5);
    const { registry } = openRegistry({ histograms: { wait_seconds: { native: false } } });
    registry.merge(source.snapshot());
    expect(registry.getSingleMetric('wait_seconds')).toMatchObject({ bounds: [1, 2], native: false });
  });
});

test.each<[string, unknown, string]>([
  ['wait_seconds', { buckets: [2, 1] }, 'TSK_ERR_METRIC_BUCKETS'],
  ['wait_seconds', { buckets: [] }, 'TSK_ERR_METRIC_BUCKETS'],
  ['wait_seconds', { buckets: ['1'] }, 'TSK_ERR_METRIC_BUCKETS'],
  ['wait_seconds', { buckets: [-1, 1] }, 'TSK_ERR_METRIC_BUCKETS'],
  ['wait_seconds', { native: 'no' }, 'TSK_ERR_METRIC_OPTION'],
  ['wait_seconds', { maxNativeBuckets: 3 }, 'TSK_ERR_METRIC_OPTION'],
  ['wait_seconds', { bucket: [1] }, 'TSK_ERR_METRIC_OPTION'],
  ['wait seconds', { buckets: [1] }, 'TSK_ERR_METRIC_NAME'],
])('%s: %j is refused with %s, and nothing of it is applied', (name, settings, code) => {
  const histograms = { fine_seconds: { buckets: [9] }, [name]: untyped<object>(settings) };
  expect(thrownBy(() => new MetricsRegistry({ histograms })).code).toBe(code);
  const { registry } = openRegistry();
  expect(thrownBy(() => registry.configureHistograms(histograms)).code).toBe(code);
  expect(registry.histogram({ name: 'fine_seconds', help: 'F.' }).bounds).toHaveLength(12);
});
