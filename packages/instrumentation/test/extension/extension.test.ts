/** What the extension plugs into an application, and what each switch takes out again. */
import { Configuration, Controller, Get, Inject, Provider, Repository, Scheduled, Service } from '@tsukimi/core';
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { jsonView, linesOf, metricNames, textLines } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, listen, start } from '../support/start.js';

// The sampler does not take a test's fake timers, which are the globals; here it does.
vi.mock('node:timers', async (original) => ({
  ...(await original<typeof import('node:timers')>()),
  setInterval: (tick: () => void, intervalMs: number) => globalThis.setInterval(tick, intervalMs),
  clearInterval: (timer: NodeJS.Timeout) => globalThis.clearInterval(timer),
}));

@Repository()
class MoonRepository {
  find(night: number) {
    return { night };
  }
}

@Service()
class MoonService {
  constructor(
    private readonly moons: MoonRepository,
    private readonly instrumentation: InstrumentationProvider,
  ) {}
  phase = (night: number) => this.moons.find(night);
  view(night: number) {
    this.instrumentation.recordMetric('moon_viewings_total', 1, { phase: 'full' });
    return this.phase(night);
  }
  @Scheduled({ fixedRate: 60_000, initialDelay: 60_000 })
  wane() {}
}

@Controller('/moon')
class MoonController {
  constructor(private readonly service: MoonService) {}
  @Get('/')
  view() {
    return this.service.view(1);
  }
}

const COMPONENTS = [MoonRepository, MoonService, MoonController];

/** How many hooks of each kind a server has; Fastify has no public way to ask. */
function hooksOf(fastify: FastifyInstance): Record<string, number> {
  const key = Object.getOwnPropertySymbols(fastify).find(({ description }) => description === 'fastify.hooks');
  const hooks = Reflect.get(fastify, key as symbol) as Record<string, unknown>;
  const counted = Object.entries(hooks).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return Object.fromEntries(counted.map(([name, list]) => [name, list.length]).filter(([, length]) => length !== 0));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('instrumentation.enabled: false', () => {
  const configuration = { instrumentation: { enabled: false, exclude: ['Nobody.*'] } };

  test('places nothing on any instance', async () => {
    const { app, warnings } = await start(instrumentedApplication(COMPONENTS), { configuration });
    expect(Object.getOwnPropertyNames(app.resolve(MoonRepository))).toEqual([]);
    expect(Object.getOwnPropertyNames(app.resolve(MoonController))).toEqual(['service']);
    expect(Object.getOwnPropertyNames(app.resolve(MoonService))).toEqual(['moons', 'instrumentation', 'phase']);
    expect(app.resolve(MoonService).view).toBe(MoonService.prototype.view);
    expect(String(app.resolve(MoonService).phase)).toMatch(/^\(night\) ?=> ?this\.moons\.find\(night\)$/);
    expect(warnings()).toEqual([]);
  });

  test('has no timer, and no hook but the one that keeps the endpoints’ paths free', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const bare = await start(bareApplication([MoonRepository]));
    const before = vi.getTimerCount();
    const { app } = await start(instrumentedApplication(COMPONENTS), { configuration });
    expect(vi.getTimerCount()).toBe(before);
    const { onRoute, ...onRequests } = hooksOf(app.fastify);
    const { onRoute: onRouteOfBare = 0, ...onRequestsOfBare } = hooksOf(bare.app.fastify);
    expect(onRequests).toEqual(onRequestsOfBare);
    expect(onRoute).toBe(onRouteOfBare + 1);
    const measured = await start(instrumentedApplication(COMPONENTS));
    expect(vi.getTimerCount()).toBeGreaterThan(before);
    expect(hooksOf(measured.app.fastify)).not.toEqual(hooksOf(app.fastify));
  });

  test('keeps and exposes custom metrics, and nothing else', async () => {
    const { app } = await start(instrumentedApplication(COMPONENTS), { configuration });
    expect((await app.inject('/moon')).statusCode).toBe(200);
    expect(await textLines(app)).toEqual([
      'metrics_access_denied_total 0',
      'metrics_scrapes_rejected_total{reason="busy"} 0',
      'metrics_scrapes_rejected_total{reason="slow"} 0',
      'moon_viewings_total{phase="full"} 1',
    ]);
    const view = await jsonView(app);
    expect(view.enabled).toBe(false);
    expect(Object.keys(view.instrumentation)).toEqual(['custom']);
    expect(view.instrumentation.custom.moon_viewings_total.values).toEqual([{ labels: { phase: 'full' }, value: 1 }]);
    expect(view.scheduler.total_tasks).toBe(1);
  });
});

describe('metrics.enabled: false', () => {
  const configuration = { metrics: { enabled: false } };

  test('has no endpoint, no hook, no timer, and nothing on any instance', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const bare = await start(bareApplication([MoonRepository]));
    const { app, warnings } = await start(instrumentedApplication(COMPONENTS), { configuration });
    expect(vi.getTimerCount()).toBe(0);
    for (const url of ['/metrics', '/metrics/prometheus']) expect((await app.inject(url)).statusCode).toBe(404);
    expect(hooksOf(app.fastify)).toEqual(hooksOf(bare.app.fastify));
    expect(Object.getOwnPropertyNames(app.resolve(MoonRepository))).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test('the provider takes everything, says nothing and keeps next to nothing', async () => {
    const { app, logs } = await start(instrumentedApplication(COMPONENTS), { configuration });
    expect((await app.inject('/moon')).json()).toEqual({ night: 1 });
    const provider = app.resolve(InstrumentationProvider);
    const rows = provider.histogram({ name: 'rows', help: 'Rows.', labelNames: ['table'] });
    for (let index = 0; index < 10_000; index += 1) {
      provider.recordMetric('orders_total', 1, { order: index });
      rows.observe({ table: `table-${index}` }, index);
    }
    expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
    for (const { name, series } of provider.registry.instruments) expect(series.length, name).toBeLessThanOrEqual(2);
  });

  test('takes even a path that is taken', async () => {
    @Controller('/metrics')
    class Own {
      @Get('/')
      own() {
        return { own: true };
      }
    }
    const { app } = await start(instrumentedApplication([Own]), { configuration });
    expect((await app.inject('/metrics')).json()).toEqual({ own: true });
  });
});

describe('InstrumentationProvider', () => {
  test('can be injected where nothing is instrumented: custom metrics and endpoints, and nothing else', async () => {
    const { app } = await start(bareApplication(COMPONENTS));
    await app.inject('/moon');
    expect(await textLines(app)).toEqual([
      'metrics_access_denied_total 0',
      'metrics_scrapes_rejected_total{reason="busy"} 0',
      'metrics_scrapes_rejected_total{reason="slow"} 0',
      'moon_viewings_total{phase="full"} 1',
    ]);
    expect(await metricNames(app)).not.toContain('http_requests_total');
    expect(Object.getOwnPropertyNames(app.resolve(MoonRepository))).toEqual([]);
  });

  test('is one for the application, and its registry can be injected beside it', async () => {
    @Service()
    class Both {
      constructor(
        readonly provider: InstrumentationProvider,
        @Inject(MetricsRegistry) readonly registry: MetricsRegistry,
      ) {}
    }
    const { app } = await start(bareApplication([Both]));
    const { provider, registry } = app.resolve(Both);
    expect(provider.registry).toBe(registry);
    expect(app.resolve(InstrumentationProvider)).toBe(provider);
  });
});

describe('component_dependency_info', () => {
  test('is the constructor graph, providers included, and nothing that is no component', async () => {
    class Clock {}
    @Configuration()
    class Clocks {
      @Provider()
      clock(): Clock {
        return new Clock();
      }
      @Provider({ token: 'calendar', name: 'calendar' })
      calendar(_clock: Clock): object {
        return {};
      }
    }
    @Service({ name: 'tide' })
    class Tide {
      constructor(_service: MoonService, @Inject('calendar') _calendar: object, _clock: Clock) {}
    }
    const { app } = await start(instrumentedApplication([...COMPONENTS, Clocks, Tide]));
    expect((await linesOf(app, 'component_dependency_info')).sort()).toEqual([
      'component_dependency_info{component="MoonController",depends_on="MoonService"} 1',
      'component_dependency_info{component="MoonService",depends_on="MoonRepository"} 1',
      'component_dependency_info{component="calendar",depends_on="Clock"} 1',
      'component_dependency_info{component="tide",depends_on="Clock"} 1',
      'component_dependency_info{component="tide",depends_on="MoonService"} 1',
      'component_dependency_info{component="tide",depends_on="calendar"} 1',
    ]);
  });
});

describe('what is warned of', () => {
  const open = (address: string) =>
    `/metrics can be read by everyone who can connect to ${address}: list the allowed addresses in metrics.allowed_ips.`;

  test.each(['0.0.0.0', '::', '192.0.2.7', 'moon.example', '::ffff:10.0.0.1'])('an empty list while listening on %s', async (host) => {
    const { warnings } = await start(bareApplication([MoonService, MoonRepository]), { configuration: { server: { host, port: 8123 } } });
    // A host name is what somebody wrote, and is not shown.
    expect(warnings()).toEqual([open(`${host === 'moon.example' ? '(server.host)' : host}:8123`)]);
  });

  test.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost', '::ffff:127.0.0.1'])('not on %s', async (host) => {
    expect((await start(instrumentedApplication(COMPONENTS), { configuration: { server: { host } } })).warnings()).toEqual([]);
  });

  test('not where a list is, and not where there is nothing to read', async () => {
    const server = { host: '0.0.0.0' };
    const listed = { server, metrics: { allowed_ips: ['10.0.0.0/8'] } };
    expect((await start(instrumentedApplication(COMPONENTS), { configuration: listed })).warnings()).toEqual([]);
    const off = { server, metrics: { enabled: false } };
    expect((await start(instrumentedApplication(COMPONENTS), { configuration: off })).warnings()).toEqual([]);
  });

  test('components that can’t be measured, once each', async () => {
    @Service({ scope: 'transient' })
    class Frozen {
      constructor() {
        Object.freeze(this);
      }
      work() {
        return 1;
      }
    }
    const { app, warnings } = await start(instrumentedApplication([Frozen]));
    expect([app.resolve(Frozen).work(), app.resolve(Frozen).work()]).toEqual([1, 1]);
    expect(warnings()).toEqual([expect.stringMatching(/^Frozen is frozen, sealed .*, so its calls are not measured\./)]);
  });
});

test('an application on a real socket counts what a client sent, and not the scrapes', async () => {
  const { app, port } = await listen(instrumentedApplication(COMPONENTS));
  for (const path of ['/moon', '/moon', '/sun', '/metrics', '/metrics/prometheus'])
    await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  expect(await linesOf(app, 'http_requests_total')).toEqual([
    'http_requests_total{method="GET",path="/moon",status="200"} 2',
    'http_requests_total{method="GET",path="<unmatched>",status="404"} 1',
  ]);
  const calls = (await linesOf(app, 'component_calls_total')).filter((line) => line.endsWith(' 2'));
  expect(calls.sort()).toEqual([
    'component_calls_total{component="MoonController",method="view",status="success"} 2',
    'component_calls_total{component="MoonRepository",method="find",status="success"} 2',
    'component_calls_total{component="MoonService",method="phase",status="success"} 2',
    'component_calls_total{component="MoonService",method="view",status="success"} 2',
  ]);
});
