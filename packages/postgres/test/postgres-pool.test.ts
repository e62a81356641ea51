/** A pool from the configuration of an application: checked at start, ended at stop, and silent about its password. */
import { inspect } from 'node:util';
import {
  Application,
  Configuration,
  type ConfigurationValue,
  CurrentConfiguration,
  CurrentLogger,
  createApplication,
  Inject,
  OnStop,
  Provider,
  Service,
} from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type PoolLogger, PostgresPool, postgresPool } from '@tsukimi/postgres';
import { describe, expect, test } from 'vitest';
import { queries } from './support/counts.js';
import { database } from './support/database.js';

const { url } = await database('CREATE TABLE moons (name text)');
const SECRET = decodeURIComponent(new URL(url).password);

@Configuration()
class Databases {
  @Provider()
  pool(
    @Inject(CurrentConfiguration) configuration: Configuration,
    @Inject(CurrentLogger) logger: PoolLogger,
    registry: MetricsRegistry,
  ): PostgresPool {
    return postgresPool({ configuration, logger, registry });
  }
}

@Service()
class Moons {
  constructor(readonly pool: PostgresPool) {}

  async add(name: string): Promise<void> {
    await this.pool.query('/* name: addMoon */ INSERT INTO moons VALUES ($1)', [name]);
  }

  @OnStop()
  async last(): Promise<void> {
    await this.add('the last');
  }
}

@Instrumented()
@Application({ components: [Databases, Moons] })
class Observatory {}

function logged() {
  const lines: string[] = [];
  return { lines, logger: { level: 'info', stream: { write: (line: string) => void lines.push(line) } } };
}

const start = (postgres: ConfigurationValue, logger: object | false = false) =>
  createApplication(Observatory, { configuration: { scheduler: { enabled: false }, postgres }, logger: logger as never });

test('is injected, measured, and ended after those who use it', async () => {
  const application = await start({ url });
  const { pool } = application.resolve(Moons);
  const registry = application.resolve(MetricsRegistry);
  await application.resolve(Moons).add('Io');
  expect(await queries(registry)).toEqual({ 'insert addMoon': 1 });
  await application.close();
  expect(await queries(registry)).toEqual({ 'insert addMoon': 2 });
  expect([pool.ending, pool.ended]).toEqual([true, true]);
});

test('brings a health check, with a connection of its own that is not measured', async () => {
  const application = await start({ url, max_connections: 1 });
  const { pool } = application.resolve(Moons);
  const client = await pool.connect();
  const { status, checks } = await application.health.report('ready');
  expect([status, checks['postgres-main']?.message]).toEqual(['up', null]);
  expect(await queries(application.resolve(MetricsRegistry))).toEqual({});
  client.release();
  await application.close();
});

test('a database that is away makes the application not ready, unless the check only informs, or is off', async () => {
  const nowhere = { host: '127.0.0.1', port: 1, user: 'ann', password: SECRET, database: 'moons' };
  const readiness = async (health: 'readiness' | 'info' | 'off') => {
    const application = await start({ ...nowhere, health });
    const report = await application.health.report('ready');
    await application.close();
    return report;
  };
  const down = { 'postgres-main': { status: 'down', message: 'connect ECONNREFUSED 127.0.0.1:1' } };
  expect(await readiness('readiness')).toMatchObject({ status: 'down', checks: down });
  expect(await readiness('info')).toMatchObject({ status: 'up', checks: down });
  expect(await readiness('off')).toEqual({ status: 'up', checks: {} });
});

describe('a database that is not there', () => {
  const nowhere = { host: '127.0.0.1', port: 1, user: 'ann', password: SECRET, database: 'moons' };

  test('is a warning at start, and the application starts', async () => {
    const { lines, logger } = logged();
    await using application = await start(nowhere, logger);
    expect(application.resolve(Moons).pool).toBeInstanceOf(PostgresPool);
    const warning = lines.map((line) => JSON.parse(line)).find(({ code }) => code === 'TSK_ERR_POSTGRES_UNREACHABLE');
    expect(warning).toMatchObject({ level: 40, pool: 'main', msg: expect.stringContaining('connect ECONNREFUSED 127.0.0.1:1') });
    expect(lines.join('')).not.toContain(SECRET);
  });

  test('is a failed start if it is required', async () => {
    const failed = await start({ ...nowhere, required: true }).catch((error: unknown) => error);
    expect(inspect(failed, { depth: 9 })).toContain("The database of the pool main can't be reached: connect ECONNREFUSED 127.0.0.1:1.");
    expect(inspect(failed, { depth: 9, showHidden: true })).not.toContain(SECRET);
  });

  test('a wrong password is not shown', async () => {
    const { lines, logger } = logged();
    const wrong = 'wrong-hunter2';
    const { username, hostname, port, pathname } = new URL(url);
    await using application = await start(
      { host: hostname, port: Number(port), user: username, database: pathname.slice(1), password: wrong },
      logger,
    );
    await application
      .resolve(Moons)
      .add('Io')
      .catch(() => {});
    expect(lines.join('')).toContain('password authentication failed');
    expect(lines.join('')).not.toContain(wrong);
    expect(await application.resolve(MetricsRegistry).expose()).not.toContain(wrong);
  });
});

describe('mistakes stop the start', () => {
  test.each<[string, ConfigurationValue, string]>([
    [
      'an unknown key',
      { hots: 'db' },
      'postgres.hots: a text of 2 characters is not a key of postgres (configuration option). Did you mean postgres.host? Allowed: name, url, host,',
    ],
    [
      'an unknown key that is like none',
      { moons: 5 },
      'postgres.moons: 5 is not a key of postgres (configuration option). Allowed: name, url, host,',
    ],
    [
      'a secret under an unknown key',
      { pasword: 'hunter2' },
      'postgres.pasword: a text of 7 characters is not a key of postgres (configuration option). Did you mean postgres.password?',
    ],
    [
      'too many connections',
      { max_connections: 0 },
      'postgres.max_connections: 0 is out of range (configuration option). Allowed: an integer from 1 to 10000.',
    ],
    [
      'no port',
      { port: 'many' },
      'postgres.port: a text of 4 characters is not an integer (configuration option). Allowed: an integer from 1 to 65535.',
    ],
    [
      'a name that is a URL',
      { name: 'postgres://ann:hunter2@db' },
      'postgres.name: a text of 25 characters is not allowed (configuration option).',
    ],
    [
      'no URL',
      { url: 'ann:hunter2@db' },
      'postgres.url: a text of 14 characters is not allowed (configuration option). Allowed: a URL such as',
    ],
    ['another URL', { url: 'mysql://ann:hunter2@db' }, 'postgres.url: a text of 22 characters is not allowed'],
    [
      'both',
      { url: 'postgres://ann:hunter2@db', host: 'db' },
      'postgres.host: a text of 2 characters is not allowed (configuration option). Allowed: nothing, because postgres.url is set',
    ],
  ])('%s', async (_, postgres, message) => {
    const failed = await start(postgres).catch((error: unknown) => error);
    expect((failed as Error).message).toContain(message);
    expect(inspect(failed)).not.toContain('hunter2');
  });
});

test('a connection that the server ends while it is idle is logged, and replaced', async () => {
  const { lines, logger } = logged();
  await using application = await start({ url }, logger);
  const { pool } = application.resolve(Moons);
  const { rows } = await pool.query('SELECT pg_backend_pid() AS pid');
  const removed = new Promise((resolve) => pool.once('error', resolve));
  const other = postgresPool({
    configuration: { namespace: () => ({ ...defaults, url }), get: () => ({}), placeOf: () => '' } as never,
    logger: { warn: () => {} },
    registry: new MetricsRegistry(),
  });
  await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
  await removed;
  await other.end();
  await application.resolve(Moons).add('Io');
  expect(lines.join('')).toContain('The database closed an idle connection of the pool main');
});

const defaults = {
  name: 'other',
  ssl: false,
  max_connections: 1,
  connection_timeout_ms: 5000,
  idle_timeout_ms: 1000,
  max_statements: 1,
  required: false,
  health: 'off' as const,
};
