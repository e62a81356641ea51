/** The guide's snippets run, its names are those that are sent, and the reference lists what there is. */
import { type Class, createApplication } from '@tsukimi/core';
import type { PushLoop } from '@tsukimi/metrics';
import { STATSD_DROPPED, type StatsdClient, StatsdSchema } from '@tsukimi/statsd';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
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

/** The YAML blocks of the guide that have a key at their top. */
const yamlOf = (key: string): Record<string, unknown>[] =>
  [...guide.text.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, text = '']) => parse(text) as Record<string, unknown>)
    .filter((block) => key in block);

test('an application starts with each configuration of the guide', async () => {
  const blocks = yamlOf('statsd');
  expect(blocks).toHaveLength(3);
  for (const { statsd: namespace } of blocks) {
    // Nobody has these names here: they are a warning.
    const configuration = { statsd: { ...(namespace as object), host: '127.0.0.1', flush_timeout_ms: 20_000 } };
    const application = await createApplication(guide.exported<Class>('Shop'), { configuration, environment: {}, logger: false });
    await application.close();
  }
});

test('the configuration of the Datadog Agent has keys that the Agent has, and the port and the socket of the guide', () => {
  const [agent = {}, ...further] = yamlOf('use_dogstatsd');
  expect(further).toEqual([]);
  // https://github.com/DataDog/datadog-agent/blob/main/pkg/config/config_template.yaml
  expect(agent).toEqual({
    use_dogstatsd: true,
    dogstatsd_port: 8125,
    dogstatsd_non_local_traffic: true,
    dogstatsd_socket: '/var/run/datadog/dsd.socket',
  });
  expect(guide.text).toContain(`\`socket: ${agent['dogstatsd_socket']}\` sends to a Unix datagram socket.`);
});

test("the mapping of Prometheus's statsd_exporter has a rule for each line of requests, and makes names that Prometheus allows", () => {
  const [mapping = {}, ...further] = yamlOf('mappings');
  expect(further).toEqual([]);
  const rules = mapping['mappings'] as readonly { readonly match: string; readonly name: string }[];
  // Its globs: an asterisk is one part between dots.
  const mapped = (name: string) => {
    for (const { match, name: to } of rules) {
      const found = new RegExp(`^${match.replaceAll('.', '\\.').replaceAll('*', '([^.]*)')}$`).exec(name);
      if (found) return to.replaceAll(/\$(\d)/g, (_, index: string) => found[Number(index)] ?? '');
    }
    return undefined;
  };
  expect(rules.map((rule) => Object.keys(rule))).toEqual(rules.map(() => ['match', 'name']));
  expect(['http.requests', ...['count', 'sum', 'p50', 'p99_9'].map((each) => `http.request.duration.seconds.${each}`)].map(mapped)).toEqual(
    ['http_requests_total', ...['count', 'sum', 'p50', 'p99_9'].map((each) => `http_request_duration_seconds_${each}`)],
  );
});

test('the reference lists every key, and the metric', () => {
  const page = projectText('docs/reference/statsd.md');
  expect([...page.matchAll(/^\| `statsd\.(\w+)` \|/gm)].map(([, key]) => key)).toEqual(Object.keys(StatsdSchema.properties));
  expect(page).toContain(`| \`${STATSD_DROPPED.name}\` | counter | \`reason\` | ${STATSD_DROPPED.help} |`);
});
