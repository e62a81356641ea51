/** `?scope=`: the endpoints show the metrics of more than this process. */
import { addMetricsScope, httpInstrumentation, type MetricsScope } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

const text = { accept: 'text/plain' };

/** A server whose own registry has 1 and whose fleet has 5. */
async function serverWith(options: { scope?: Partial<MetricsScope>; allowedIps?: string[] } = {}) {
  const registry = new MetricsRegistry();
  registry.counter({ name: 'moons_total', help: 'M.' }).inc();
  const fleet = new MetricsRegistry();
  fleet.counter({ name: 'moons_total', help: 'M.' }).inc(5);
  const lines: { level: number; code?: string; msg: string; err?: { message: string } }[] = [];
  const app = fastify({ logger: { level: 'error', stream: { write: (line: string) => void lines.push(JSON.parse(line)) } } });
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, processMetrics: false, allowedIps: options.allowedIps ?? [] });
  const remove = addMetricsScope(registry, {
    name: 'fleet',
    registry: async () => fleet,
    view: async () => ({ moons: 5 }),
    ...options.scope,
  });
  return { app, registry, remove, lines };
}

test('each format shows the scope that is asked for', async () => {
  const { app } = await serverWith();
  const get = async (url: string, headers = {}) => (await app.inject({ url, headers })).body;
  expect(await get('/metrics/prometheus')).toContain('\nmoons_total 1\n');
  expect(await get('/metrics/prometheus?scope=process')).toContain('\nmoons_total 1\n');
  expect(await get('/metrics/prometheus?scope=fleet')).toContain('\nmoons_total 5\n');
  expect(await get('/metrics?scope=fleet', text)).toContain('\nmoons_total 5\n');
  expect(await get('/metrics/prometheus?scope=fleet&name[]=others_total')).toBe('');
  expect(JSON.parse(await get('/metrics?scope=fleet'))).toEqual({ moons: 5 });
  expect(await get('/metrics?scope=fleet', { accept: 'text/html' })).toBe('{\n  "moons": 5\n}');
  expect(JSON.parse(await get('/metrics'))).toMatchObject({ enabled: true });
});

test.each(['fleet2', '', 'FLEET', '__proto__', '<b>'])(
  'a scope that does not exist is refused with the names that do: %j',
  async (name) => {
    const { app } = await serverWith();
    const answer = await app.inject(`/metrics/prometheus?scope=${encodeURIComponent(name)}`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(answer.body).toBe('There is no scope of this name. Ask for one of: process, fleet.\n');
  },
);

test('a scope that was removed does not exist any more', async () => {
  const { app, remove } = await serverWith();
  remove();
  expect((await app.inject('/metrics?scope=fleet')).statusCode).toBe(400);
});

test('a failing scope is a 503 without its cause, and is logged once until it works again', async () => {
  let failure: Error | undefined = new Error('connect ECONNREFUSED 10.0.0.7:6379');
  const { app, lines } = await serverWith({
    scope: {
      view: async () => {
        if (failure !== undefined) throw failure;
        return {};
      },
    },
  });
  const statuses = [];
  for (const next of [failure, failure, undefined, failure]) {
    failure = next;
    statuses.push((await app.inject('/metrics?scope=fleet')).statusCode);
  }
  expect(statuses).toEqual([503, 503, 200, 503]);
  const { body } = await app.inject('/metrics?scope=fleet');
  expect(body).not.toContain('10.0.0.7');
  expect(body).toContain(`The metrics of the scope "fleet" can't be read at the moment.`);
  expect(lines.map(({ code, err }) => [code, err?.message])).toEqual([
    ['TSK_ERR_ENDPOINT_SCOPE_FAILED', 'connect ECONNREFUSED 10.0.0.7:6379'],
    ['TSK_ERR_ENDPOINT_SCOPE_FAILED', 'connect ECONNREFUSED 10.0.0.7:6379'],
  ]);
});

test('a denied client can not tell a scope from an unknown path', async () => {
  const { app } = await serverWith({ allowedIps: ['10.1.1.1'] });
  const [denied, unknown] = await Promise.all([app.inject('/metrics?scope=fleet'), app.inject('/nothing?scope=fleet')]);
  expect(denied.statusCode).toBe(404);
  expect(denied.body).toBe(unknown.body.replaceAll('/nothing', '/metrics'));
});

test.each(['process', '', 'Fleet', 'a b', '1', 'x'.repeat(51), undefined])('the name %j is refused', (name) => {
  const add = () =>
    addMetricsScope(new MetricsRegistry(), { name: name as string, view: async () => ({}), registry: async () => new MetricsRegistry() });
  expect(add).toThrow(expect.objectContaining({ code: 'TSK_ERR_ENDPOINT_SCOPE' }));
});

test('a name is given once for each registry', async () => {
  const { registry } = await serverWith();
  const scope = { name: 'fleet', view: async () => ({}), registry: async () => registry };
  expect(() => addMetricsScope(registry, scope)).toThrow(
    'The scope "fleet" was added to the registry before. Add it once, or give this one another name.',
  );
  expect(() => addMetricsScope(new MetricsRegistry(), scope)).not.toThrow();
});
