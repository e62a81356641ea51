/** The snippets of docs/reference/configuration.md can be loaded, and the table of core's keys is complete and right. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppSchema, type ConcreteClass, HealthSchema, LoggingSchema, SchedulerSchema, ServerSchema } from '@tsukimi/core';
import { expect, onTestFinished, test } from 'vitest';
import { applicationOf, logSink, start, warningsIn } from '../start.js';
import { loadPage } from './reference-page.js';

const page = await loadPage('configuration');
const NAMESPACES = { app: AppSchema, server: ServerSchema, scheduler: SchedulerSchema, logging: LoggingSchema, health: HealthSchema };

async function load(yaml: string) {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'application.yml');
  await writeFile(file, yaml);
  const { lines, logger } = logSink();
  const { configuration } = await start(applicationOf([]), { configuration: file, logger });
  return { configuration, warnings: warningsIn(lines) };
}

test.each(page.blocks('yaml'))('a file is loaded without a warning: %s', async (yaml) => {
  expect((await load(yaml)).warnings).toEqual([]);
});

test('the first file says what the page says of it', async () => {
  const { configuration } = await load(page.blocks('yaml')[0] ?? '');
  expect([configuration.get('server.port'), configuration.get('mail.host')]).toEqual([8080, 'smtp.example.org']);
});

test('a component reads a namespace of its own, and one value', async () => {
  const Mailer = page.exported<ConcreteClass<{ server: string; sender: string }>>('Mailer');
  const application = await start(applicationOf([Mailer]), { configuration: { mail: { host: 'smtp.example.org' } } });
  expect(application.resolve(Mailer)).toMatchObject({ server: 'smtp.example.org:25', sender: 'nobody@example.org' });
});

test('the table lists all keys of core, with their defaults', () => {
  const rows = [...page.text.matchAll(/^\| `([a-z]+)\.([a-z_]+)` \| (.*?) \|/gm)];
  const documented = rows.filter(([, namespace = '']) => namespace in NAMESPACES);
  const keys = Object.entries(NAMESPACES).flatMap(([namespace, { properties }]) =>
    Object.entries(properties).map(([key, schema]) => [`${namespace}.${key}`, 'default' in schema ? schema.default : undefined]),
  );
  expect(documented.map(([, namespace, key]) => `${namespace}.${key}`)).toEqual(keys.map(([key]) => key));
  for (const [index, [key, value]] of keys.entries()) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(documented[index]?.[3], String(key)).toBe(`\`${text}\``);
  }
});
