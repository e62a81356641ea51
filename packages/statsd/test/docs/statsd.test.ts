/** The guide's snippets run, its names are those that are sent, and the reference lists what there is. */
import { type Class, createApplication } from '@tsukimi/core';
import type { PushLoop } from '@tsukimi/metrics';
import { STATSD_DROPPED, type StatsdClient, StatsdSchema } from '@tsukimi/statsd';
import { expect, test } from 'vitest';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { SeriesNames } from '../../src/series-names.js';
import { PacketListener } from '../support/packet-listener.js';

const guide = await importSnippets('docs/guides/statsd.md', import.meta.url);
const readme = await importSnippets('packages/statsd/README.md', import.meta.url);

test('the snippets of the guide and the package run', async () => {
  for (const page of [guide, readme]) await page.exported<PushLoop>('loop').stop();
  await guide.exported<StatsdClient>('client').close();
  await using listener = await PacketListener.open();
  const configuration = { statsd: { port: listener.port, interval_ms: 60_000, flush_timeout_ms: 20_000 } };
  const application = await createApplication(guide.exported<Class>('Shop'), { configuration, environment: {}, logger: false });
  application.resolve(guide.exported<Class<{ pay(durationMs: number): void }>>('Checkout')).pay(5);
  await application.close();
  await listener.until('checkout.card:5|ms');
});

test('the names of the guide are those that are sent', () => {
  const rows = [...guide.text.matchAll(/^\| `(\w+)\{(.*)\}` \| `([^`]+)`/gm)];
  expect(rows).toHaveLength(5);
  for (const [, name = '', text = '', shown] of rows) {
    const labels = Object.fromEntries([...text.matchAll(/(\w+)="(.*?)"/g)].map(([, label = '', value = '']) => [label, value]));
    const type = name.endsWith('_total') ? 'counter' : name.endsWith('_seconds') ? 'histogram' : 'gauge';
    const names = new SeriesNames({
      settings: { mode: 'plain', prefix: '', tags: {} },
      labelNames: () => Object.keys(labels),
      onTaken: () => expect.fail('taken'),
    });
    const line = names.of({ name, type }, labels).line(type === 'histogram' ? '.count' : '', '1', 'c');
    expect(line).toBe(`${shown}:1|c`);
  }
});

test('the reference lists every key, and the metric', () => {
  const page = projectText('docs/reference/statsd.md');
  expect([...page.matchAll(/^\| `statsd\.(\w+)` \|/gm)].map(([, key]) => key)).toEqual(Object.keys(StatsdSchema.properties));
  expect(page).toContain(`| \`${STATSD_DROPPED.name}\` | counter | \`reason\` | ${STATSD_DROPPED.help} |`);
});
