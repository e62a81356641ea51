/** Beside other instrumentations of OpenTelemetry, the span of a request is made once. */
import { fileURLToPath } from 'node:url';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type SpanSwitch, startTracing } from '@tsukimi/opentelemetry';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { treesOf } from '../support/span-trees.js';

class Stock {
  async count(): Promise<number> {
    return 7;
  }
}

async function besideFastifyOtel(http: SpanSwitch) {
  await using receiver = await OtlpReceiver.open();
  const registry = new MetricsRegistry();
  const tracing = startTracing(registry, { endpoint: receiver.url, spans: { http }, flushTimeoutMs: 20_000 });
  const stock = instrument(new Stock(), { registry });
  const server = fastify();
  await server.register(new FastifyOtelInstrumentation({ instrumentHooks: false }).plugin());
  await server.register(httpInstrumentation, { registry, requestContext: { observers: [tracing] } });
  server.get('/stock', async () => ({ count: await stock.count() }));
  expect((await server.inject('/stock')).statusCode).toBe(200);
  await server.close();
  await tracing.stop();
  return treesOf(receiver.spans);
}

const HANDLER = ['handler - fastify -> @fastify/otel -> tsukimi-http-instrumentation', 'Stock.count'];

test('@fastify/otel makes the span of the request, and ours are below it', async () => {
  expect(await besideFastifyOtel('auto')).toEqual([['request', HANDLER]]);
});

test('with spans.http on, ours is made too', async () => {
  expect(await besideFastifyOtel('on')).toEqual([['GET /stock', ['request', HANDLER]]]);
});

test('@opentelemetry/instrumentation-http makes the span of the request, and ours are below it', async () => {
  await using receiver = await OtlpReceiver.open();
  const path = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
  await using program = new ChildProgram(process.execPath, {
    args: ['--require', path('http-instrumentation.cjs'), path('stock-program.mjs')],
    environment: { RECEIVER: receiver.url },
  });
  const port = Number((await program.waitForOutput(/listening on (\d+)/))[1]);
  await (await fetch(`http://127.0.0.1:${port}/stock/7`)).text();
  expect(treesOf(await receiver.untilSpans(2))).toEqual([['GET', 'Stock.count']]);
});
