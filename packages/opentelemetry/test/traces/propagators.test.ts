/** The headers by which traces go from one program to the next. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Context, propagation } from '@opentelemetry/api';
import { createApplication } from '@tsukimi/core';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { openTelemetry, type StartTracingOptions, startTracing } from '@tsukimi/opentelemetry';
import fastify from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { instrumentedApplication } from '../../../instrumentation/test/support/start.js';
import { spanOf } from '../support/span-trees.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const SENT = ['traceparent', 'tracestate', 'baggage', 'x-own'];

/** Answers with the headers of traces that it gets. */
const echo = createServer(({ headers }, response) => {
  response.end(JSON.stringify(Object.fromEntries(SENT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))));
});
let echoUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoUrl = `http://127.0.0.1:${(echo.address() as { port: number }).port}/`;
});
afterAll(() => void echo.close().closeAllConnections());
afterEach(() => {
  vi.unstubAllEnvs();
  propagation.disable();
});

/** A request that brings a trace and baggage to a traced program, which calls another one. */
async function passOn(options: StartTracingOptions = {}, flags = '01') {
  await using receiver = await OtlpReceiver.open();
  const registry = new MetricsRegistry();
  const tracing = startTracing(registry, { endpoint: receiver.url, flushTimeoutMs: 20_000, ...options });
  const server = fastify();
  await server.register(httpInstrumentation, { registry, requestContext: { observers: [tracing] } });
  server.get('/pass-on', async () => (await fetch(echoUrl)).json());
  const headers = { traceparent: `00-${TRACE}-${CALLER}-${flags}`, tracestate: 'vendor=1', baggage: 'tenant=a', 'x-own': '1' };
  const passedOn: Record<string, string> = (await server.inject({ url: '/pass-on', headers })).json();
  await server.close();
  await tracing.stop();
  return { passedOn, spans: receiver.spans };
}

const traceparent = expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));

test.each([
  ['unset', undefined, true, { traceparent, tracestate: 'vendor=1', baggage: 'tenant=a' }],
  ['empty', ' , ', true, { traceparent, tracestate: 'vendor=1', baggage: 'tenant=a' }],
  ['tracecontext', 'tracecontext', true, { traceparent, tracestate: 'vendor=1' }],
  ['Baggage twice', ' Baggage,baggage', false, { baggage: 'tenant=a' }],
  ['none', 'none', false, {}],
])('OTEL_PROPAGATORS %s', async (_, value, isContinued, headers) => {
  vi.stubEnv('OTEL_PROPAGATORS', value);
  const { passedOn, spans } = await passOn();
  expect(passedOn).toEqual(headers);
  const { traceId, parentSpanId } = spanOf(spans, 'GET /pass-on');
  expect([traceId === TRACE, parentSpanId]).toEqual(isContinued ? [true, CALLER] : [false, '']);
});

test('the option wins over the variable', async () => {
  vi.stubEnv('OTEL_PROPAGATORS', 'b3');
  expect((await passOn({ propagators: ['tracecontext'] })).passedOn).toEqual({ traceparent, tracestate: 'vendor=1' });
  expect((await passOn({ propagators: [] })).passedOn).toEqual({});
});

test('a request that is left out, or has no span, passes on what it brought', async () => {
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=1', baggage: 'tenant=a' };
  const excluded = await passOn({ exclude: ['/pass-on'] });
  expect(excluded).toMatchObject({ passedOn: headers, spans: [] });
  const { passedOn } = await passOn({ spans: { http: 'off' }, sampleRatio: 0, propagators: ['tracecontext'] }, 'fe');
  // The specification defines two flags.
  expect(passedOn).toEqual({ traceparent: `00-${TRACE}-${CALLER}-02`, tracestate: 'vendor=1' });
});

const [B3, LIST] = ['An entry of OTEL_PROPAGATORS is "b3".', 'Use a list of tracecontext and baggage, or none alone.'];
const OWN = "To use another propagator, register it with OpenTelemetry's API before tracing starts.";

test.each([
  ['b3', `${B3} ${LIST} ${OWN}`],
  ['tracecontext,jaeger', `An entry of OTEL_PROPAGATORS is "jaeger". ${LIST} ${OWN}`],
  ['tracecontext,none', `OTEL_PROPAGATORS is a list of 2 entries. ${LIST} ${OWN}`],
])('OTEL_PROPAGATORS %s is refused, and leaves nothing behind', async (value, message) => {
  vi.stubEnv('OTEL_PROPAGATORS', value);
  expect(() => startTracing(new MetricsRegistry(), {})).toThrow(message);
  const App = instrumentedApplication([], { extensions: [openTelemetry] });
  await expect(createApplication(App, { configuration: {}, environment: {}, logger: false })).rejects.toThrow(message);
  vi.unstubAllEnvs();
  expect((await passOn()).passedOn).toMatchObject({ traceparent });
});

test('options that are no propagators are refused', () => {
  expect(() => startTracing(new MetricsRegistry(), { propagators: 'b3' as never })).toThrow('propagators is "b3". Use a list of');
  expect(() => startTracing(new MetricsRegistry(), { propagators: [7 as never] })).toThrow('An entry of propagators is 7. Use a list of');
});

test('a propagator of the program is used instead, whatever the variable says', async () => {
  vi.stubEnv('OTEL_PROPAGATORS', 'b3');
  const KEY = Symbol('own');
  propagation.setGlobalPropagator({
    fields: () => ['x-own'],
    extract: (context: Context, carrier, getter) => context.setValue(KEY, getter.get(carrier, 'x-own')),
    inject: (context, carrier, setter) => setter.set(carrier, 'x-own', `${context.getValue(KEY)}2`),
  });
  const { passedOn, spans } = await passOn();
  expect(passedOn).toEqual({ 'x-own': '12' });
  expect(spanOf(spans, 'GET /pass-on').parentSpanId).toBe('');
});

test('a program does not start with a propagator that is not supported', async () => {
  await using program = new ChildProgram(process.execPath, {
    args: [fileURLToPath(new URL('../support/stock-program.mjs', import.meta.url))],
    environment: { RECEIVER: 'http://127.0.0.1:9', OTEL_PROPAGATORS: 'tracecontext,xray' },
  });
  expect((await program.exited).code).toBe(1);
  expect(program.output.stderr).toContain(`An entry of OTEL_PROPAGATORS is "xray". ${LIST} ${OWN}`);
});
