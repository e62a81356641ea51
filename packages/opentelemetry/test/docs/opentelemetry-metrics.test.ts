/** The guide's snippets run, and the reference lists every key and the metric. */
import type { MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import { OpenTelemetrySchema, OTLP_REJECTED_POINTS } from '@tsukimi/opentelemetry';
import { expect, test } from 'vitest';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';

const guide = await importSnippets('docs/guides/opentelemetry-metrics.md', import.meta.url);

test('the snippets run', async () => {
  await guide.exported<PushLoop>('loop').stop({ timeoutMs: 0 });
  expect(await guide.exported<MetricsRegistry>('registry').expose()).toContain('cars_sold_total{model="r2"} 1');
});

test('the reference lists every key, and the metric', () => {
  const page = projectText('docs/reference/opentelemetry-metrics.md');
  const keys = [...page.matchAll(/^\| (?:`\w+`|none) \| `opentelemetry\.([\w.]+)` \|/gm)].map(([, key]) => key);
  const { traces: _, enabled: __, metrics, ...common } = OpenTelemetrySchema.properties;
  const expected = [...Object.keys(common), ...Object.keys(metrics.properties).map((key) => `metrics.${key}`)];
  expect([...keys].sort()).toEqual(expected.sort());
  const { name, help } = OTLP_REJECTED_POINTS;
  expect(page).toContain(`| \`${name}\` | counter | none | ${help} |`);
});
