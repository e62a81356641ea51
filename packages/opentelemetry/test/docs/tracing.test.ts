/** The guide's snippets run, and the reference lists what there is. */
import { type Class, createApplication } from '@tsukimi/core';
import { EXPORTER_DROPPED_SPANS, OpenTelemetrySchema, type Tracing } from '@tsukimi/opentelemetry';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { treesOf } from '../support/span-trees.js';

const guide = await importSnippets('docs/guides/tracing.md', import.meta.url);

test('the application of the guide has the trace that it shows, and the program without the framework runs', async () => {
  const server = guide.exported<FastifyInstance>('server');
  expect((await server.inject('/stock')).json()).toEqual({ count: 7 });
  await server.close();
  await guide.exported<Tracing>('tracing').stop({ timeoutMs: 1 });
  await using receiver = await OtlpReceiver.open();
  const opentelemetry = { endpoint: receiver.url, metrics: { enabled: false }, traces: { flush_timeout_ms: 20_000 } };
  const application = await createApplication(guide.exported<Class>('Shop'), {
    configuration: { opentelemetry },
    environment: {},
    logger: false,
  });
  expect((await application.fastify.inject('/prices')).json()).toEqual({ price: 7 });
  await application.close();
  expect(treesOf(receiver.spans)).toEqual([['GET /prices', ['PriceController.price', 'PriceService.price']]]);
});

test('the reference lists every key, and the metric', () => {
  const page = projectText('docs/reference/opentelemetry-traces.md');
  const { metrics: _, traces, ...common } = OpenTelemetrySchema.properties;
  const { spans, ...keys } = traces.properties;
  const expected = [
    ...Object.keys(common),
    ...Object.keys(keys).map((key) => `traces.${key}`),
    ...Object.keys(spans.properties).map((key) => `traces.spans.${key}`),
  ];
  const listed = [...page.matchAll(/^\| `opentelemetry\.([\w.]+)` \|/gm)].map(([, key]) => key);
  expect(listed.toSorted()).toEqual(expected.toSorted());
  expect(page).toContain(`| \`${EXPORTER_DROPPED_SPANS.name}\` | counter | \`exporter\`, \`reason\` | ${EXPORTER_DROPPED_SPANS.help} |`);
});
