/** docs/reference/configuration.md: every key of the instrumentation, with its default, and examples that start. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '@tsukimi/core';
import { InstrumentationSchema, MetricsSchema } from '@tsukimi/instrumentation';
import { expect, onTestFinished, test } from 'vitest';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectText } from '../../../../test/support/project.js';
import { instrumentedApplication, start } from '../support/start.js';

const page = projectText('docs/reference/configuration.md');
const section = codeBlocksOf(page).filter(({ section: heading }) => heading === 'Keys of the instrumentation');
const code = (language: string): string => section.find((block) => block.language === language)?.code ?? '';

test('the table lists all keys, in order, with their defaults', () => {
  const rows = [...page.matchAll(/^\| `((?:instrumentation|metrics)\.[a-z_.]+)` \| `(.*?)` \| (.*?) \|$/gm)];
  const keys = Object.entries({ instrumentation: InstrumentationSchema, metrics: MetricsSchema }).flatMap(([namespace, { properties }]) =>
    keysOf(namespace, properties),
  );
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  expect(rows.map(([, key, value]) => [key, value])).toEqual(keys.map(([key, value]) => [key, text(value)]));
});

function keysOf(namespace: string, properties: object): [string, unknown][] {
  return Object.entries(properties).flatMap(([key, schema]: [string, object]) => {
    const inner: unknown = Reflect.get(schema, 'properties');
    if (typeof inner === 'object' && inner !== null) return keysOf(`${namespace}.${key}`, inner);
    return [[`${namespace}.${key}`, Reflect.get(schema, 'default')]] as [string, unknown][];
  });
}

async function listened(app: Application): Promise<string> {
  await app.listen();
  return app.fastify.metricsOrigin as string;
}

test('the file lists all keys and starts without a warning', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-docs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const configuration = join(folder, 'application.yml');
  await writeFile(
    configuration,
    code('yaml')
      .replace(/exclude: .*/g, 'exclude: []')
      .replace('port: 9464', 'port: 0'),
  );
  const { app, warnings } = await start(instrumentedApplication([]), { configuration, environment: { TSUKIMI_SERVER_PORT: '0' } });
  expect(warnings()).toEqual([]);
  const { origin } = new URL(await listened(app));
  expect(await (await fetch(`${origin}/internal/metrics/prometheus`)).text()).toContain('http_requests_in_flight{zone="eu-1"} 0\n');
  for (const key of Object.keys({ ...InstrumentationSchema.properties, ...MetricsSchema.properties }))
    expect(code('yaml')).toContain(`${key}:`);
});

test('the environment starts without a warning', async () => {
  const lines = code('sh').trim().split('\n');
  const environment = Object.fromEntries(lines.map((line) => /^(\w+)='?(.*?)'?$/.exec(line)?.slice(1) as [string, string]));
  expect(Object.keys(environment)).toHaveLength(4);
  const { app, warnings } = await start(instrumentedApplication([]), { environment });
  expect(warnings()).toEqual([]);
  expect(app.configuration.get('metrics.allowed_ips')).toBe('127.0.0.1,::1,10.0.0.0/8');
  expect((await app.inject('/metrics/prometheus')).body).toContain('metrics_access_denied_total{zone="eu-1",team="moon"} 0\n');
  expect((await app.inject({ url: '/metrics', remoteAddress: '11.0.0.1' })).statusCode).toBe(404);
});
