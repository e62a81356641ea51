/** The spans of an application: requests, calls, tasks, and what they have. */
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  BadRequestError,
  type ConfigurationValue,
  Controller,
  CurrentLogger,
  CurrentScheduler,
  Get,
  Inject,
  Param,
  Repository,
  Scheduled,
  type Scheduler,
  Service,
} from '@tsukimi/core';
import { openTelemetry } from '@tsukimi/opentelemetry';
import type { FastifyBaseLogger } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { instrumentedApplication, listen } from '../../../instrumentation/test/support/start.js';
import { fetchUntraced } from '../support/client-of-tests.js';
import { spanOf, treesOf } from '../support/span-trees.js';

/** Tells when a slow query has begun, and lets it end. */
const slowQueries = new EventEmitter();

@Repository()
class UserRepository {
  async find(id: string): Promise<string> {
    await delay(1);
    if (id === 'slow') await this.wait();
    if (id === '0') throw new RangeError('no such user');
    return `user ${id}`;
  }

  *names(): Generator<string> {
    yield this.first();
    yield 'b';
  }

  first(): string {
    return 'a';
  }

  private async wait(): Promise<void> {
    const end = once(slowQueries, 'end');
    slowQueries.emit('entered');
    await end;
  }
}

@Service()
class UserService {
  constructor(
    private readonly users: UserRepository,
    @Inject(CurrentLogger) private readonly log: FastifyBaseLogger,
  ) {}

  async user(id: string): Promise<string> {
    this.check(id);
    return await this.users.find(id);
  }

  check(id: string): void {
    this.log.info('checked');
    if (id === 'x') throw new BadRequestError('x is no id');
  }

  list(): string {
    return [...this.users.names()].join();
  }

  @Scheduled({ name: 'clean-up', cron: '0 0 1 1 *' })
  async cleanUp(): Promise<void> {
    await this.user('7');
  }
}

@Controller('/users')
class UserController {
  constructor(
    private readonly service: UserService,
    @Inject(CurrentScheduler) readonly scheduler: Scheduler,
  ) {}

  @Get('/')
  async list(): Promise<string> {
    return this.service.list();
  }

  @Get('/:id')
  async user(@Param('id') id: string): Promise<string> {
    return await this.service.user(id);
  }
}

const App = instrumentedApplication([UserRepository, UserService, UserController], { extensions: [openTelemetry] });

async function traced(traces: Readonly<Record<string, ConfigurationValue>> = {}) {
  const receiver = await OtlpReceiver.open();
  onTestFinished(() => receiver.stop());
  const opentelemetry = { endpoint: receiver.url, service: 'users', metrics: { enabled: false }, traces };
  const started = await listen(App, { configuration: { opentelemetry, logging: { level: 'info' } } });
  const get = async (path: string, init?: RequestInit) =>
    await (await fetchUntraced(`http://127.0.0.1:${started.port}${path}`, init)).text();
  return { ...started, receiver, get };
}

test('a request has the spans of its calls under it, as they were made', async () => {
  const { app, port, receiver, get } = await traced();
  await get('/users/7?token=secret', { headers: { 'user-agent': 'test' } });
  await app.close();
  const { spans } = receiver;
  expect(treesOf(spans)).toEqual([
    ['GET /users/:id', ['UserController.user', ['UserService.user', 'UserService.check', 'UserRepository.find']]],
  ]);
  const request = spanOf(spans, 'GET /users/:id');
  expect(request).toMatchObject({ kind: 'server', status: 'unset', parentSpanId: '', events: [], scope: '@tsukimi/opentelemetry' });
  expect(request.attributes).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'http.route': '/users/:id',
    'url.scheme': 'http',
    'url.path': '/users/7',
    'server.address': '127.0.0.1',
    'server.port': port,
    'client.address': '127.0.0.1',
    'network.peer.address': '127.0.0.1',
    'network.protocol.version': '1.1',
    'user_agent.original': 'test',
  });
  expect(request.resource).toMatchObject({ 'service.name': 'users', 'telemetry.sdk.language': 'nodejs' });
  const call = spanOf(spans, 'UserService.user');
  expect(call).toMatchObject({ kind: 'internal', status: 'unset' });
  expect(call.attributes).toEqual({ 'code.function.name': 'UserService.user', 'tsukimi.component.kind': 'service' });
  expect(receiver.requests.every(({ headers }) => headers['content-type'] === 'application/x-protobuf')).toBe(true);
});

test('a generator, and what it calls', async () => {
  const { app, receiver, get } = await traced();
  await get('/users');
  await app.close();
  expect(treesOf(receiver.spans)).toEqual([
    ['GET /users', ['UserController.list', ['UserService.list', ['UserRepository.names', 'UserRepository.first']]]],
  ]);
});

test('an error is on each span that it passes, with type and message, and without stack', async () => {
  const { app, receiver, get } = await traced();
  await get('/users/0');
  await app.close();
  const { spans } = receiver;
  const event = { name: 'exception', attributes: { 'exception.type': 'RangeError', 'exception.message': 'no such user' } };
  for (const name of ['UserController.user', 'UserService.user', 'UserRepository.find']) {
    const span = spanOf(spans, name);
    expect(span).toMatchObject({ status: 'error', events: [event] });
    expect(span.attributes).toMatchObject({ 'error.type': 'RangeError' });
  }
  const request = spanOf(spans, 'GET /users/:id');
  expect(request).toMatchObject({ status: 'error', events: [event] });
  expect(request.attributes).toMatchObject({ 'error.type': '500', 'http.response.status_code': 500 });
  expect(spanOf(spans, 'UserService.check')).toMatchObject({ status: 'unset', events: [] });
});

test('an error of the client is no error of the server', async () => {
  const { app, receiver, get } = await traced();
  await get('/users/x');
  await get('/nowhere');
  await app.close();
  const { spans } = receiver;
  const request = spanOf(spans, 'GET /users/:id');
  expect(request).toMatchObject({ status: 'unset', events: [] });
  expect(request.attributes).toMatchObject({ 'http.response.status_code': 400 });
  expect(spanOf(spans, 'UserService.check')).toMatchObject({ status: 'error' });
  const unmatched = spanOf(spans, 'GET');
  expect(unmatched.attributes).toMatchObject({ 'http.response.status_code': 404, 'url.path': '/nowhere' });
  expect(unmatched.attributes).not.toHaveProperty('http.route');
});

test('stacks only if they are asked for', async () => {
  const { app, receiver, get } = await traced({ record_stacks: true });
  await get('/users/0');
  await app.close();
  const [event] = spanOf(receiver.spans, 'UserRepository.find').events;
  expect(event?.attributes['exception.stacktrace']).toMatch(/^RangeError: no such user\n {4}at .*find/);
});

test('a run of a task is a trace of its own, and one that a request starts is in its trace', async () => {
  const { app, receiver } = await traced();
  await app.resolve(UserController).scheduler.run('clean-up');
  await app.close();
  expect(treesOf(receiver.spans)).toEqual([
    ['clean-up', ['UserService.cleanUp', ['UserService.user', 'UserService.check', 'UserRepository.find']]],
  ]);
  const run = spanOf(receiver.spans, 'clean-up');
  expect(run).toMatchObject({ kind: 'internal', status: 'unset', attributes: { 'tsukimi.task': 'clean-up' } });
});

test('concurrent requests have a trace each', async () => {
  const { app, receiver, get } = await traced();
  await Promise.all(Array.from({ length: 50 }, (_, id) => get(`/users/${id + 1}`)));
  await app.close();
  const tree = ['GET /users/:id', ['UserController.user', ['UserService.user', 'UserService.check', 'UserRepository.find']]];
  expect(treesOf(receiver.spans)).toEqual(Array.from({ length: 50 }, () => tree));
  expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(50);
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

test('the trace of the caller goes on', async () => {
  const { app, receiver, get } = await traced();
  await get('/users/7', { headers: { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1' } });
  await app.close();
  expect(receiver.spans).toHaveLength(5);
  expect(receiver.spans.every(({ traceId, traceState }) => traceId === TRACE && traceState === 'vendor=1')).toBe(true);
  expect(spanOf(receiver.spans, 'GET /users/:id').parentSpanId).toBe(CALLER);
});

test.each([
  ['that the caller does not record', { sample_ratio: 1 }, `00-${TRACE}-${CALLER}-00`, 0],
  ['that the caller records', { sample_ratio: 0 }, `00-${TRACE}-${CALLER}-01`, 5],
  ['of its own, with the ratio 0', { sample_ratio: 0 }, undefined, 0],
  ['of its own, after a header that is malformed', {}, '00-xyz', 5],
])('a trace %s', async (_, traces, traceparent, count) => {
  const { app, receiver, get } = await traced(traces);
  await get('/users/7', { headers: traceparent === undefined ? {} : { traceparent } });
  await app.close();
  expect(receiver.spans).toHaveLength(count);
});

test('the endpoints of metrics, and what is excluded, are no traces', async () => {
  const { app, receiver, get } = await traced({ exclude: ['GET /users/:id'] });
  await get('/metrics');
  await get('/metrics/prometheus');
  await get('/users/7');
  await app.close();
  expect(receiver.spans).toEqual([]);
});

test('each line of the log has the ids of its span', async () => {
  const { app, receiver, get, logs } = await traced();
  await get('/users/7');
  await app.close();
  const request = spanOf(receiver.spans, 'GET /users/:id');
  const call = spanOf(receiver.spans, 'UserService.check');
  const { traceId } = request;
  expect(logs.filter(({ msg }) => msg === 'checked')).toMatchObject([{ trace_id: traceId, span_id: call.spanId, route: '/users/:id' }]);
  expect(traceId).toBe(call.traceId);
});

test('the histograms have the trace as exemplar', async () => {
  const { app, receiver, get } = await traced();
  await get('/users/7');
  const headers = { accept: 'application/openmetrics-text' };
  const text = await get('/metrics/prometheus', { headers });
  await app.close();
  for (const name of ['http_request_duration_seconds', 'component_duration_seconds'])
    expect(text).toMatch(new RegExp(`${name}_bucket.* # \\{trace_id="${receiver.spans[0]?.traceId}",span_id="[0-9a-f]{16}"\\}`));
});

test('an aborted request ends when the client goes away', async () => {
  const { app, port, receiver } = await traced();
  const gone = new Promise<void>((resolve) => {
    app.fastify.server.once('request', (_, response: ServerResponse) => response.once('close', resolve));
  });
  const controller = new AbortController();
  const entered = once(slowQueries, 'entered');
  const request = fetchUntraced(`http://127.0.0.1:${port}/users/slow`, { signal: controller.signal }).catch(() => undefined);
  await entered;
  controller.abort();
  await request;
  await gone;
  slowQueries.emit('end');
  await app.close();
  const span = spanOf(receiver.spans, 'GET /users/:id');
  expect(span).toMatchObject({ status: 'unset', events: [] });
  expect(span.attributes).toMatchObject({ 'error.type': 'aborted' });
  expect(span.attributes).not.toHaveProperty('http.response.status_code');
});
