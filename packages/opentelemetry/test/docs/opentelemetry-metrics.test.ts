/** The guide's snippets run, and the reference lists every key and the metric. */
import { type Class, createApplication } from '@tsukimi/core';
import type { MetricsRegistry, PushLoop } from '@tsukimi/metrics';
import { OpenTelemetrySchema, OTLP_REJECTED_POINTS } from '@tsukimi/opentelemetry';
import { expect, test } from 'vitest';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { metricNamed } from '../support/received-metrics.js';

const guide = await importSnippets('docs/guides/opentelemetry-metrics.md', import.meta.url);

test('the snippets run', async () => {
  await guide.exported<PushLoop>('loop').stop({ timeoutMs: 0 });
  await using receiver = await OtlpReceiver.open();
  const configuration = {
    app: { name: 'shop' },
    opentelemetry: { endpoint: receiver.url, traces: { enabled: false }, metrics: { flush_timeout_ms: 20_000 } },
  };
  const application = await createApplication(guide.exported<Class>('Shop'), { configuration, environment: {}, logger: false });
  await application.close();
  expect(metricNamed(receiver.metrics.at(-1), 'application_info')?.points[0]?.attributes).toMatchObject({ name: 'shop' });
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
