/** The live page over real sockets: who gets it, what it says, and how its streams begin and end. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import {
  Application,
  type Class,
  Controller,
  createApplication,
  Get,
  httpInstrumentation,
  InstrumentationProvider,
  Instrumented,
  MetricsRegistry,
  Param,
  Service,
} from 'tsukimi';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exchange } from '../../instrumentation/test/support/raw-http.js';
import type {
  Detail,
  LiveChange,
  LiveState,
  Meta,
  MethodRow,
  MetricDetail,
  Overview,
  RouteRow,
  Settings,
  Table,
} from '../src/api-types.js';
import { readAssets } from '../src/assets.js';

@Service()
class MoonService {
  constructor(private readonly instrumentation: InstrumentationProvider) {}

  phase(night: number): string {
    if (night < 0) throw new RangeError(`no night ${night}, password=hunter2`);
    this.instrumentation.recordMetric('moon_viewings_total', 1, { phase: '<b>full</b>' });
    return 'full';
  }
}

@Controller('/moon')
class MoonController {
  constructor(private readonly moon: MoonService) {}

  @Get('/:night')
  phase(@Param('night') night: number) {
    return { phase: this.moon.phase(night) };
  }
}

@Instrumented()
@Application({ components: [MoonService, MoonController] })
class MoonApplication {}

type Configuration = Record<string, never>;

async function started(configuration: object = {}, application: Class = MoonApplication) {
  const app = await createApplication(application, {
    configuration: { server: { port: 0 }, logging: { level: 'silent' }, ...configuration } as unknown as Configuration,
    environment: {},
    logger: false,
  });
  onTestFinished(() => app.close());
  const url = await app.listen();
  const port = Number(new URL(url).port);
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}/metrics/ui/api/${path}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return { app, url, port, get };
}

/** Reads events of a stream, one after the other. */
class Events {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #aborter: AbortController;
  #text = '';

  private constructor(reader: ReadableStreamDefaultReader<Uint8Array>, aborter: AbortController) {
    this.#reader = reader;
    this.#aborter = aborter;
  }

  static async open(url: string): Promise<Events> {
    const aborter = new AbortController();
    onTestFinished(() => aborter.abort());
    const answer = await fetch(url, { signal: aborter.signal });
    if (answer.status !== 200) throw new Error(String(answer.status));
    return new Events((answer.body as ReadableStream<Uint8Array>).getReader(), aborter);
  }

  /** The next event; undefined at the end. */
  async next(): Promise<{ readonly event: string; readonly data: unknown } | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const lines = this.#text.slice(0, end).split('\n');
        this.#text = this.#text.slice(end + 2);
        const value = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const event = value('event');
        if (event !== undefined) return { event, data: JSON.parse(value('data') ?? 'null') };
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += Buffer.from(value).toString();
    }
  }

  close(): void {
    this.#aborter.abort();
  }
}

/** Asks again until it is so: samples are taken once a second. */
async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('numbers', () => {
  test('are those of /metrics, within one sample', async () => {
    const { url, get } = await started();
    await until(
      () => get<Meta>('meta'),
      ({ history }) => history.bytes > 0,
    );
    for (let night = 1; night <= 20; night += 1) await fetch(`${url}/moon/${night}`);
    for (let night = 1; night <= 3; night += 1) await fetch(`${url}/moon/-${night}`);
    await fetch(`${url}/nowhere`);
    const { rows } = await until(
      () => get<Table<RouteRow>>('routes'),
      (table) => table.rows.reduce((sum, { count }) => sum + count, 0) === 24,
    );
    const text = await (await fetch(`${url}/metrics/prometheus`)).text();
    for (const { method, path, byStatus } of rows)
      for (const [status, count] of Object.entries(byStatus))
        expect(text).toContain(`http_requests_total{method="${method}",path="${path}",status="${status}"} ${count}\n`);
    expect(rows.map(({ key, errors, clientErrors }) => [key, errors, clientErrors]).sort()).toEqual([
      ['GET /moon/:night', 3, 0],
      ['GET <unmatched>', 0, 1],
    ]);
    const { rows: methods } = await get<Table<MethodRow>>('components');
    expect(
      methods
        .map(({ key, kind, count, errors, byError }) => ({ key, kind, count, errors, byError }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    ).toEqual([
      { key: 'MoonController.phase', kind: 'controller', count: 23, errors: 3, byError: { RangeError: 3 } },
      { key: 'MoonService.phase', kind: 'service', count: 23, errors: 3, byError: { RangeError: 3 } },
    ]);
    const json = (await (await fetch(`${url}/metrics`)).json()) as {
      instrumentation: { http: { endpoints: Record<string, { latency: { p95_ms: number } }> } };
    };
    const moon = rows.find(({ path }) => path === '/moon/:night') as RouteRow;
    const exact = json.instrumentation.http.endpoints['GET /moon/:night']?.latency.p95_ms as number;
    expect(Math.abs(((moon.latency.p95 as number) * 1000) / exact - 1)).toBeLessThan(0.045);
    expect(moon.totalSeconds / moon.count).toBeCloseTo(moon.latency.average as number, 4);
    const overview = await get<Overview>('overview');
    expect([overview.total.requests, overview.total.errors]).toEqual([24, 3]);
    expect(overview.points.reduce((sum, point) => Math.max(sum, point.requestRate ?? 0), 0)).toBeGreaterThan(0);
    const metric = await get<MetricDetail>('metric?name=moon_viewings_total');
    expect(metric.series.map(({ labels, value }) => [labels, value])).toEqual([[{ phase: '<b>full</b>' }, 20]]);
  });

  test('under the names of OpenTelemetry too', async () => {
    const { url, get } = await started({ metrics: { naming: 'otel' }, logging: { level: 'silent', request_context: 'on' } });
    await until(
      () => get<Meta>('meta'),
      ({ history }) => history.bytes > 0,
    );
    for (const path of ['/moon/1', '/moon/2', '/moon/-1', '/nowhere']) await fetch(`${url}${path}`);
    const { rows } = await until(
      () => get<Table<RouteRow>>('routes'),
      (table) => table.rows.reduce((sum, { count }) => sum + count, 0) === 4,
    );
    expect(rows.map(({ key, count, errors, clientErrors, byStatus }) => [key, count, errors, clientErrors, byStatus]).sort()).toEqual([
      ['GET /moon/:night', 3, 1, 0, { 200: 2, 500: 1 }],
      ['GET <unmatched>', 1, 0, 1, { 404: 1 }],
    ]);
    expect((await get<Overview>('overview')).total).toMatchObject({ requests: 4, errors: 1 });
    const detail = await get<Detail<RouteRow>>('route?method=GET&path=/moon/:night');
    expect(detail.row).toMatchObject({ count: 3 });
    expect(detail.lastErrors.map(({ component, route }) => [component, route])).toEqual([['MoonService', 'GET /moon/:night']]);
  });

  test('the map has the dependencies, and the calls of what has one caller', async () => {
    const { url, get } = await started();
    await until(
      () => get<Meta>('meta'),
      ({ history }) => history.bytes > 0,
    );
    await fetch(`${url}/moon/1`);
    type Map = { nodes: { id: string; layer: number; rate: number }[]; edges: { from: string; to: string; rate: number | null }[] };
    const map = await until(
      () => get<Map>('map?range=60'),
      ({ nodes }) => nodes.some(({ id, rate }) => id === 'routes:http' && rate > 0),
    );
    expect(map.nodes.map(({ id, layer }) => [id, layer]).sort()).toEqual(
      [
        ['component:InstrumentationProvider', 3],
        ['component:MoonController', 1],
        ['component:MoonService', 2],
        ['routes:http', 0],
      ].filter(([id]) => map.nodes.some((node) => node.id === id)),
    );
    const rates = Object.fromEntries(map.edges.map(({ from, to, rate }) => [`${from} ${to}`, rate]));
    expect(rates['routes:http component:MoonController']).toBeGreaterThan(0);
    expect(rates['component:MoonController component:MoonService']).toBeGreaterThan(0);
  });
});

describe('errors', () => {
  type Errors = { isKept: boolean; errors: { type: string; message: string | null; component: string | null; route: string | null }[] };
  const application = (errors: string, more: object = {}) => ({ instrumentation: { console: { errors } }, ...more });

  test.each([
    ['auto', {}, 'no night -1, password=***'],
    ['auto', { server: { port: 0, host: '0.0.0.0' } }, null],
    ['auto', { server: { port: 0, host: '0.0.0.0' }, metrics: { allowed_ips: ['127.0.0.1'] } }, 'no night -1, password=***'],
    ['messages', { server: { port: 0, host: '0.0.0.0' } }, 'no night -1, password=***'],
    ['classes', {}, null],
  ] as const)('with %s and %j', async (errors, more, message) => {
    const { port } = await started(application(errors, more));
    const url = `http://127.0.0.1:${port}`;
    await fetch(`${url}/moon/-1`);
    const answer = (await (await fetch(`${url}/metrics/ui/api/errors`)).json()) as Errors;
    expect(answer).toMatchObject({ isKept: true });
    const ofMethods = answer.errors.filter(({ route }) => route === null);
    expect(ofMethods.map((each) => [each.component, each.type, each.message])).toEqual([
      ['MoonController', 'RangeError', message],
      ['MoonService', 'RangeError', message],
    ]);
  });

  test('are not kept if that is off', async () => {
    const { url, get } = await started(application('off'));
    await fetch(`${url}/moon/-1`);
    expect(await get<Errors>('errors')).toMatchObject({ isKept: false, errors: [] });
  });
});

test('settings have their source, and no secret', async () => {
  const { get } = await started({
    mail: {
      host: 'smtp.example',
      password: 'hunter2',
      url: 'smtp://user:pw@host',
      retries: 3,
      on: true,
      apiKey: 'x',
      note: 'see token=abc',
    },
  });
  const { settings } = await get<Settings>('settings');
  const of = (key: string) => settings.find((each) => each.key === key);
  expect(of('mail.host')).toEqual({
    key: 'mail.host',
    value: 'smtp.example',
    isSecret: false,
    isDefault: false,
    source: 'configuration option',
  });
  expect(of('metrics.path')).toMatchObject({ value: '/metrics', isDefault: true, source: 'default' });
  for (const key of ['mail.password', 'mail.url', 'mail.apiKey', 'mail.note'])
    expect(of(key)).toMatchObject({ value: null, isSecret: true });
  expect([of('mail.retries')?.value, of('mail.on')?.value]).toEqual(['3', 'true']);
  expect(JSON.stringify(settings)).not.toMatch(/hunter2|pw@|abc/);
});

describe('who gets it', () => {
  const PAGE = [
    '',
    '/',
    '/index.html',
    '/assets/x.js',
    // Those that are there.
    ...[...readAssets().keys()].map((path) => `/${path}`),
    '/api/meta',
    '/api/live?view=overview',
    '/api/settings',
    '/api/none',
    '/no/such',
    '/%2e%2e/',
  ];
  const PROFILE = ['', '/', '/cpu', '/cpu?seconds=0.1&format=pprof', '/heap', '/heap/', '/none', '/cpu%2f', '/%63pu', '/CPU'];
  /** The denied path, and one that is unknown and as long: of each way to write it. */
  const TARGETS: readonly (readonly [base: string, unknown: string, paths: readonly string[]])[] = [
    ['/metrics/ui', '/metrics/ux', PAGE],
    ['/metrics/profile', '/metrics/profilx', PROFILE],
    ...['', '/', '?', '?x=%2F', '/?view=routes', '//', '/;x', '/%2e', '%2f', '%2Fapi%2Fmeta', '/api%2fmeta', '/api/meta/', '/%00'].flatMap(
      (path) =>
        [
          ['/metrics/ui', '/metrics/ux'],
          ['/metrics/profile', '/metrics/profilx'],
          ['/metrics/UI', '/metrics/UX'],
          ['/Metrics/ui', '/Metrics/ux'],
          ['/metrics/%75i', '/metrics/%75x'],
          ['/metrics%2fui', '/metrics%2fux'],
          ['//metrics/ui', '//metrics/ux'],
          ['/metrics//ui', '/metrics//ux'],
          ['/metrics/./ui', '/metrics/./ux'],
        ].map(([base = '', unknown = '']) => [base, unknown, [path]] as const),
    ),
  ];

  test('a client that may not read the metrics gets what an unknown path gives', async () => {
    const { port } = await started({ metrics: { allowed_ips: ['127.0.0.1'] } });
    const compare = async ([base, unknown]: readonly [string, string, unknown], rest: string, method: string) => {
      const ask = (target: string) => exchange({ port, method, target: `${target}${rest}`, from: '127.0.0.9' });
      const [denied, missing] = await Promise.all([ask(base), ask(unknown)]);
      const plain = (text: string) => text.replace(/^Date: .*$/im, '').replaceAll(unknown, base);
      return { request: `${method} ${base}${rest}`, denied: plain(denied), missing: plain(missing) };
    };
    const answers: { readonly request: string; readonly denied: string; readonly missing: string }[] = [];
    for (const target of TARGETS)
      for (const rest of target[2])
        answers.push(...(await Promise.all(['GET', 'HEAD', 'POST', 'OPTIONS'].map((method) => compare(target, rest, method)))));
    expect(answers.length).toBeGreaterThan(500);
    for (const { request, denied, missing } of answers) {
      expect(denied, request).toBe(missing);
      expect(denied, request).toMatch(/^HTTP\/1\.1 (404|400) /);
    }
  });

  test('nobody if it is off', async () => {
    const { url } = await started({ instrumentation: { console: { enabled: false } } });
    for (const path of ['', '/', '/api/meta']) expect((await fetch(`${url}/metrics/ui${path}`)).status).toBe(404);
  });

  test('a plain Fastify server, if it asks for it', async () => {
    const serve = async (options: { readonly console?: boolean }): Promise<FastifyInstance> => {
      const server = fastify({ routerOptions: { ignoreTrailingSlash: true } });
      onTestFinished(() => server.close());
      await server.register(httpInstrumentation, { registry: new MetricsRegistry(), ...options });
      await server.listen({ port: 0 });
      return server;
    };
    const [on, off] = await Promise.all([serve({ console: true }), serve({})]);
    expect((await fetch(`${on.listeningOrigin}/metrics/ui/api/meta`)).status).toBe(200);
    expect((await fetch(`${on.listeningOrigin}/metrics/ui/`, { redirect: 'manual' })).status).not.toBe(308);
    expect((await fetch(`${off.listeningOrigin}/metrics/ui/api/meta`)).status).toBe(404);
  });

  test('answers have strict headers', async () => {
    const { url } = await started();
    for (const path of ['/', '/api/meta', '/api/settings']) {
      const { headers } = await fetch(`${url}/metrics/ui${path}`);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual(['nosniff', 'DENY']);
    }
    const redirect = await fetch(`${url}/metrics/ui?view=routes`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([308, 'ui/?view=routes']);
  });
});

describe('streams', () => {
  test('begin with the state, go on with what changes, and end with the server, which does not wait', async () => {
    const { app, url } = await started();
    const events = await Events.open(`${url}/metrics/ui/api/live?view=routes&range=60`);
    const first = await events.next();
    expect(first?.event).toBe('state');
    expect(first?.data as LiveState).toMatchObject({ view: 'routes', rows: [] });
    await fetch(`${url}/moon/1`);
    const rowsOf = (event: typeof first) => ((event?.data as LiveChange | undefined)?.upsert?.['rows'] ?? []) as readonly RouteRow[];
    let change = await events.next();
    while (!rowsOf(change).some(({ key, count }) => key === 'GET /moon/:night' && count === 1)) change = await events.next();
    await app.close();
    for (let event = change; event !== undefined; event = await events.next()) change = event;
    expect(change).toEqual({ event: 'closing', data: {} });
  });

  test('end with the application also on a port of their own', async () => {
    const { app } = await started({ metrics: { port: 0 } });
    const events = await Events.open(`${app.fastify.metricsOrigin}/metrics/ui/api/live?view=overview`);
    await events.next();
    await app.close();
    let last: unknown;
    for (let event = await events.next(); event !== undefined; event = await events.next()) last = event.event;
    expect(last).toBe('closing');
  });

  test('are at most 50', async () => {
    const { url, port } = await started();
    const live = `${url}/metrics/ui/api/live?view=overview`;
    const open = await Promise.all(Array.from({ length: 50 }, () => Events.open(live)));
    const refused = await fetch(live);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '10',
      { error: 'Too many pages are open. Close one of them.' },
    ]);
    for (const events of open.slice(0, 10)) events.close();
    await until(
      () => exchange({ port, method: 'HEAD', target: '/metrics/ui/api/live?view=overview' }),
      (answer) => answer.startsWith('HTTP/1.1 200'),
    );
  });

  test('views that do not exist are refused', async () => {
    const { url } = await started();
    for (const view of ['', 'none', 'constructor', '__proto__'])
      expect((await fetch(`${url}/metrics/ui/api/live?view=${view}`)).status).toBe(400);
  });

  test('a stop does not wait for a browser that reads nothing', async () => {
    const { app, port } = await started({ server: { port: 0, shutdown_timeout_ms: 600_000 } });
    const sockets: Socket[] = [];
    for (let page = 0; page < 5; page += 1) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.pause();
      socket.write('GET /metrics/ui/api/live?view=metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      sockets.push(socket);
    }
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await app.close();
  });
});

test.each([
  [true, {}, {}],
  [false, { profile: { enabled: false } }, {}],
  // By default, not for what a proxy has forwarded.
  [false, {}, { 'x-forwarded-for': '10.0.0.1' }],
  [false, { enabled: false }, {}],
] as const)('says whether the client would get a profile: %s with %j and %j', async (canProfile, instrumentation, headers) => {
  const { url } = await started({ instrumentation });
  const { has } = (await (await fetch(`${url}/metrics/ui/api/meta`, { headers })).json()) as Meta;
  const profile = await fetch(`${url}/metrics/profile`, { headers });
  const { enabled = false } = profile.status === 200 ? ((await profile.json()) as { readonly enabled?: boolean }) : {};
  expect([has.profile, enabled]).toEqual([canProfile, canProfile]);
});
