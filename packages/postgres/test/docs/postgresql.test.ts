/** The guide's snippets run against a real PostgreSQL, and the reference lists what there is. */
import { type Class, createApplication } from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool, POSTGRES_CATALOGUE, PostgresSchema } from '@tsukimi/postgres';
import type pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { database } from '../support/database.js';

const { url, pool: barePool } = await database(
  "CREATE TABLE moons (name text, planet text); INSERT INTO moons VALUES ('Io', 'Jupiter'), ('Europa', 'Jupiter')",
);

describe('docs/guides/postgresql.md', async () => {
  vi.stubEnv('DATABASE_URL', url);
  const page = await importSnippets('docs/guides/postgresql.md', import.meta.url);
  vi.unstubAllEnvs();
  const pools = ['pool', 'reports', 'shared'].map((name) => page.exported<pg.Pool>(name));
  afterAll(() => Promise.all(pools.map((pool) => pool.end())));

  test('has the lines that a scrape has', async () => {
    expect(await page.exported<(planet: string) => Promise<string[]>>('moons')('Jupiter')).toEqual(['Europa', 'Io']);
    const lines =
      page.blocks
        .find(({ language }) => language === 'text')
        ?.code.trim()
        .split('\n') ?? [];
    expect(lines).toHaveLength(7);
    const scrape = (await page.exported<MetricsRegistry>('registry').expose()).split('\n');
    expect(lines.filter((line) => !scrape.includes(line))).toEqual([]);
  });

  test('names statements by their table', async () => {
    await page.exported<pg.Pool>('reports').query('SELECT * FROM moons');
    expect(await page.exported<MetricsRegistry>('byTable').expose()).toContain('operation="select",statement="moons"} 1');
  });

  test('has an application', async () => {
    const configuration = { scheduler: { enabled: false }, postgres: { url } };
    await using application = await createApplication(page.exported('Observatory'), { configuration, logger: false });
    expect(await application.resolve(page.exported<Class<{ count(): Promise<number> }>>('MoonService')).count()).toBe(2);
  });

  test('shares a pool between Knex and Drizzle', async () => {
    expect(await page.exported<() => Promise<unknown>>('counts')()).toEqual([[{ moons: '2' }], [{ moons: 2 }]]);
  });
});

describe('README.md', async () => {
  const page = await importSnippets('packages/postgres/README.md', import.meta.url);

  test('instruments a pool', async () => {
    const pool = page.exported<pg.Pool>('pool');
    expect(instrumentPool(pool, { name: 'main', registry: page.exported<MetricsRegistry>('registry') })).toBe(pool);
    await pool.end();
  });
});

describe('docs/reference/postgresql.md', () => {
  const page = projectText('docs/reference/postgresql.md');

  test('lists every metric', () => {
    const rows = [...page.matchAll(/^\| `(db_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$/gm)].map(([, name, type, labels, help]) => ({
      name,
      type,
      labels,
      help,
    }));
    expect(rows).toEqual(
      Object.values(POSTGRES_CATALOGUE).map(({ name, type, labelNames, help }) => ({
        name,
        type,
        labels: labelNames.map((label) => `\`${label}\``).join(', '),
        help,
      })),
    );
  });

  test('lists every key', () => {
    const keys = [...page.matchAll(/^\| `postgres\.(\w+)` \|/gm)].map(([, key]) => key);
    expect(keys).toEqual(Object.keys(PostgresSchema.properties));
  });

  test('has the buckets', () => {
    expect(page).toContain(`the buckets ${POSTGRES_CATALOGUE.queryDuration.buckets.join(', ')} seconds`);
  });

  test('says what a pool that nobody uses shows', async () => {
    const registry = new MetricsRegistry();
    instrumentPool(barePool(), { name: 'main', registry });
    const text = await registry.expose();
    for (const { name } of Object.values(POSTGRES_CATALOGUE)) expect(text).toContain(`# HELP ${name} `);
  });
});
