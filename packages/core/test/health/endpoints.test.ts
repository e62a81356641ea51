/** What probes are answered, and who sees what of the checks. */
import {
  type Class,
  Controller,
  type Extension,
  Get,
  HealthCheck,
  type HealthCheckOutcome,
  type HealthCheckRun,
  type HealthDetails,
  OnStart,
  Service,
} from '@tsukimi/core';
import { expect, it } from 'vitest';
import { applicationOf, start, startFailure } from '../start.js';

const SHOWN = { health: { details: 'always', cache_ms: 0 } };

/** A component with one check that does what `act` says. */
function checking(act: (run: HealthCheckRun) => unknown, options: Parameters<typeof HealthCheck>[0] = {}): Class {
  @Service({ name: 'Checking' })
  class Checking {
    @HealthCheck(options)
    check(run: HealthCheckRun): unknown {
      return act(run);
    }
  }
  return Checking;
}

const probe = async (app: Awaited<ReturnType<typeof start>>, path: string) => {
  const { statusCode, headers, body } = await app.inject(path);
  return { statusCode, cache: headers['cache-control'], body: JSON.parse(body) };
};

it('answers live, ready and startup with the status alone, where nothing else is allowed', async () => {
  const app = await start(applicationOf([checking(() => undefined)]));
  for (const path of ['/health/live', '/health/ready', '/health/startup'])
    expect(await probe(app, path)).toEqual({ statusCode: 200, cache: 'no-store', body: { status: 'up' } });
  expect((await app.inject({ method: 'HEAD', url: '/health/ready' })).statusCode).toBe(200);
});

it.each<[string, (run: HealthCheckRun) => unknown, string, string | null]>([
  ['returns nothing', () => undefined, 'up', null],
  ['resolves to a row', async () => ({ rows: [{ status: 'odd' }] }), 'up', null],
  ['returns false', () => false, 'down', null],
  ['resolves to false', async () => false, 'down', null],
  ['says that it is up', (): HealthCheckOutcome => ({ status: 'up', message: '12 of 20 connections' }), 'up', '12 of 20 connections'],
  ['says that it is down', async (): Promise<HealthCheckOutcome> => ({ status: 'down', message: 'no room' }), 'down', 'no room'],
  [
    'throws',
    () => {
      throw new Error('no connection');
    },
    'down',
    'no connection',
  ],
  ['rejects', () => Promise.reject(new Error('no connection')), 'down', 'no connection'],
  ['rejects with a text', () => Promise.reject('lost'), 'down', 'lost'],
  ['rejects with nothing', () => Promise.reject(undefined), 'down', 'undefined'],
  ['rejects with null', () => Promise.reject(null), 'down', 'null'],
  ['rejects with a revoked proxy', () => Promise.reject(revoked()), 'down', '<Revoked Proxy>'],
  ['returns an object that cannot be read', () => unreadable(), 'down', 'not to be read'],
  [
    'throws a very long message',
    () => {
      throw new Error('x'.repeat(1_000_000));
    },
    'down',
    `${'x'.repeat(300)}...`,
  ],
  [
    'throws a password',
    () => {
      throw new Error('connect postgres://shop:hunter2@db:5432/shop failed, password=hunter2');
    },
    'down',
    'connect postgres://***@db:5432/shop failed, password=***',
  ],
])('a check that %s', async (_, act, status, message) => {
  const app = await start(applicationOf([checking(act)]), { configuration: SHOWN });
  const ready = await probe(app, '/health/ready');
  expect(ready).toEqual({
    statusCode: status === 'up' ? 200 : 503,
    cache: 'no-store',
    body: { status, checks: { 'Checking.check': { status, message, durationMs: expect.any(Number), since: expect.any(String) } } },
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
  revoke();
  return proxy;
}

function unreadable(): object {
  return {
    get status(): never {
      throw new Error('not to be read');
    },
  };
}

it('readiness is the conjunction of readiness and liveness checks; liveness asks what it is told to only; info decides nothing', async () => {
  const down = new Set<string>();
  @Service()
  class Parts {
    @HealthCheck({ name: 'database' })
    database(): boolean {
      return !down.has('database');
    }
    @HealthCheck({ name: 'loop', kind: 'liveness' })
    loop(): boolean {
      return !down.has('loop');
    }
    @HealthCheck({ name: 'mail', kind: 'info' })
    mail(): boolean {
      return !down.has('mail');
    }
  }
  const app = await start(applicationOf([Parts]), { configuration: SHOWN });
  const statuses = async () =>
    await Promise.all(['live', 'ready', 'startup'].map(async (each) => (await app.inject(`/health/${each}`)).statusCode));
  expect(await statuses()).toEqual([200, 200, 200]);
  down.add('mail');
  expect(await statuses()).toEqual([200, 200, 200]);
  down.add('database');
  expect(await statuses()).toEqual([200, 503, 200]);
  down.delete('database');
  down.add('loop');
  expect(await statuses()).toEqual([503, 503, 200]);
  const { checks: ofLive } = await app.health.report('live');
  const { checks: ofReady } = await app.health.report('ready');
  const { checks: ofStartup } = await app.health.report('startup');
  expect([ofLive, ofReady, ofStartup].map((checks) => Object.keys(checks))).toEqual([['loop'], ['database', 'loop', 'mail'], []]);
});

it('says since when a check is down, and keeps that time while it stays so', async () => {
  let isUp = true;
  const app = await start(applicationOf([checking(() => isUp)]), { configuration: SHOWN });
  const result = async () => (await app.health.report('ready')).checks['Checking.check'];
  const first = await result();
  isUp = false;
  const second = await result();
  const third = await result();
  expect([first?.status, second?.status, third?.status]).toEqual(['up', 'down', 'down']);
  expect(third?.since).toBe(second?.since);
  expect(Date.parse(second?.since ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.since ?? ''));
});

it('is not ready before the application has started, though routes can be asked', async () => {
  const seen: unknown[] = [];
  @Service()
  class Early {
    @OnStart()
    async ask(): Promise<void> {
      seen.push(await health());
    }
  }
  let health: () => Promise<unknown> = async () => undefined;
  const extension = (): Extension => ({
    name: 'early',
    server: (fastify) => {
      health = async () =>
        await Promise.all(
          ['live', 'ready', 'startup'].map(async (each) => {
            const { statusCode, body } = await fastify.inject(`/health/${each}`);
            return [statusCode, JSON.parse(body).checks?.application?.message];
          }),
        );
    },
  });
  const app = await start(applicationOf([Early]), { configuration: SHOWN, extensions: [extension] });
  expect(seen).toEqual([
    [
      [200, undefined],
      [503, 'the application is starting'],
      [503, 'the application is starting'],
    ],
  ]);
  expect((await app.inject('/health/startup')).statusCode).toBe(200);
});

it('shows what an extension decides, and messages only where it says so', async () => {
  let details: HealthDetails = 'results';
  const extension = (): Extension => ({ name: 'allowlist', configure: ({ health }) => health.showDetails(() => details) });
  const act = () => ({ status: 'down', message: 'no room' });
  const allowed = await start(applicationOf([checking(act)]), { extensions: [extension] });
  const seen = async (app: typeof allowed) => (await probe(app, '/health/ready')).body.checks?.['Checking.check'].message;
  expect(await seen(allowed)).toBe(null);
  details = 'messages';
  expect(await seen(allowed)).toBe('no room');
  details = 'none';
  expect(await seen(allowed)).toBe(undefined);
  details = 'messages';
  const never = await start(applicationOf([checking(act)]), { extensions: [extension], configuration: { health: { details: 'never' } } });
  expect(await probe(never, '/health/ready')).toMatchObject({ body: { status: 'down' } });
  expect(await seen(never)).toBe(undefined);
});

it('answers at other paths, or not at all', async () => {
  const paths = { live_path: '/livez', ready_path: '/readyz', startup_path: '/startupz' };
  const moved = await start(applicationOf([]), { configuration: { health: paths } });
  const off = await start(applicationOf([]), { configuration: { health: { enabled: false } } });
  const statuses = async (app: typeof off, urls: readonly string[]) =>
    await Promise.all(urls.map(async (url) => (await app.inject(url)).statusCode));
  expect(await statuses(moved, ['/livez', '/readyz', '/startupz', '/health/live'])).toEqual([200, 200, 200, 404]);
  expect(await statuses(off, ['/health/live', '/health/ready', '/health/startup'])).toEqual([404, 404, 404]);
});

it('hooks of the application, such as authentication, do not apply to probes', async () => {
  const extension = (): Extension => ({
    name: 'authentication',
    server: (fastify) => void fastify.addHook('onRequest', async (_request, reply) => reply.code(401).send()),
  });
  @Controller('/')
  class Home {
    @Get('/')
    home(): string {
      return 'home';
    }
  }
  const app = await start(applicationOf([Home]), { extensions: [extension] });
  expect((await app.inject('/')).statusCode).toBe(401);
  expect((await app.inject('/health/ready')).statusCode).toBe(200);
});

it('refuses a route of the application at the path of an endpoint', async () => {
  @Controller('/health')
  class Own {
    @Get('/ready')
    ready(): string {
      return 'ok';
    }
  }
  expect(await startFailure(applicationOf([Own]))).toBe(
    'TSK_ERR_HEALTH_PATH_TAKEN: The application has a route GET /health/ready, and its health is served there (health.ready_path). ' +
      'Move one of the two: set health.ready_path to another path, or set health.enabled to false and answer probes yourself.',
  );
  const app = await start(applicationOf([Own]), { configuration: { health: { enabled: false } } });
  expect((await app.inject('/health/ready')).body).toBe('ok');
});

it('refuses what it cannot serve, with key, value and source', async () => {
  const failure = async (health: Record<string, string | number>) => await startFailure(applicationOf([]), { configuration: { health } });
  const allowed = 'Allowed: a path such as /health/live: a slash in front, none at the end, letters, digits and - . _ ~ between slashes.';
  for (const path of ['health', '/', '/health/', '/a//b', '/:name', '/a*', '/../x', '/%41'])
    expect(await failure({ live_path: path })).toBe(
      `TSK_ERR_CONFIGURATION_VALUE: health.live_path: a text of ${path.length} character${path.length === 1 ? '' : 's'} is not allowed (configuration option). ${allowed}`,
    );
  expect(await failure({ ready_path: '/health/live' })).toBe(
    'TSK_ERR_CONFIGURATION_VALUE: health.ready_path: a text of 12 characters is not allowed (configuration option). Allowed: another path than that of health.live_path.',
  );
  expect(await failure({ port: 'metrics' })).toBe(
    'TSK_ERR_CONFIGURATION_VALUE: health.port: a text of 7 characters is not allowed (configuration option). ' +
      'Allowed: metrics only where metrics.port is set and the application serves metrics; otherwise application. ' +
      'Set metrics.port and put @Instrumented() above the application class, or remove health.port.',
  );
  expect(await failure({ timeout_ms: 0 })).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: health.timeout_ms: 0 is out of range/);
  expect(await failure({ cache_ms: -1 })).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: health.cache_ms: -1 is out of range/);
  expect(await failure({ details: 'sometimes' })).toMatch(/^TSK_ERR_CONFIGURATION_VALUE: health.details: /);
});
