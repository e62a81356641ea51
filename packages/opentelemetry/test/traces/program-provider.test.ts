/** A program that has registered a tracer provider, as `NodeSDK` does: that one makes, samples and sends the spans. */
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler, InMemorySpanExporter, type Sampler, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Controller, createApplication, Get, Service } from '@tsukimi/core';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { openTelemetry, type StartTracingOptions, startTracing } from '@tsukimi/opentelemetry';
import fastify from 'fastify';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { instrumentedApplication } from '../../../instrumentation/test/support/start.js';
import { type TreeSpan, treesOf } from '../support/span-trees.js';

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

/** Registers a provider that keeps its spans, and the rest that `NodeSDK` registers. */
function registerProvider(sampler?: Sampler) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })], ...(sampler && { sampler }) });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const spans = (): TreeSpan[] =>
    exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      ...span.spanContext(),
      parentSpanId: span.parentSpanContext?.spanId ?? '',
      startNanoseconds: BigInt(span.startTime[0]) * 1_000_000_000n + BigInt(span.startTime[1]),
    }));
  return { provider, spans };
}

class Stock {
  async count(url: string): Promise<number> {
    // A span of the user's own code, around an outgoing request.
    return await trace.getTracer('own').startActiveSpan('ask', async (span) => {
      const text = await (await fetch(url)).text();
      span.end();
      return text.length;
    });
  }
}

/** Answers one request of a traced program; the receiver must get nothing. */
async function answer(options: StartTracingOptions = {}) {
  await using receiver = await OtlpReceiver.open();
  const traceparents: unknown[] = [];
  const other = createServer((request, response) => {
    traceparents.push(request.headers['traceparent']);
    response.end('seven');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const registry = new MetricsRegistry();
  const tracing = startTracing(registry, { endpoint: receiver.url, ...options });
  const stock = instrument(new Stock(), { registry });
  const server = fastify();
  await server.register(httpInstrumentation, { registry, requestContext: { observers: [tracing] } });
  server.get('/stock', async () => ({ count: await stock.count(`http://127.0.0.1:${port}/`) }));
  expect((await server.inject('/stock')).json()).toEqual({ count: 5 });
  const { isForeign } = tracing;
  await server.close();
  expect(await tracing.stop()).toBe(true);
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  return { isForeign, attempts: receiver.attempts, traceparents };
}

test('makes and sends the spans, in one trace with those of its own', async () => {
  const { provider, spans } = registerProvider();
  expect(await answer()).toEqual({ isForeign: true, attempts: 0, traceparents: [undefined] });
  expect(treesOf(spans())).toEqual([['GET /stock', ['Stock.count', 'ask']]]);
  // What the program has registered stays.
  provider.getTracer('own').startSpan('after').end();
  expect(treesOf(spans())).toEqual([['GET /stock', ['Stock.count', 'ask']], 'after']);
  trace.getTracer('own').startSpan('global').end();
  expect(treesOf(spans())).toEqual([['GET /stock', ['Stock.count', 'ask']], 'after', 'global']);
});

test('has spans of outgoing requests with spans.client on', async () => {
  const { spans } = registerProvider();
  const { attempts, traceparents } = await answer({ spans: { client: 'on' } });
  expect(treesOf(spans())).toEqual([['GET /stock', ['Stock.count', ['ask', 'GET']]]]);
  const sent = spans().find(({ name }) => name === 'GET');
  expect([attempts, traceparents]).toEqual([0, [`00-${sent?.traceId}-${sent?.spanId}-01`]]);
});

test('is what the variables about sending and sampling are meant for', async () => {
  vi.stubEnv('OTEL_TRACES_EXPORTER', 'console');
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc');
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_jaeger_remote');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { spans } = registerProvider();
  expect(await answer()).toMatchObject({ isForeign: true, attempts: 0 });
  expect(treesOf(spans())).toEqual([['GET /stock', ['Stock.count', 'ask']]]);
});

test('samples', async () => {
  const { spans } = registerProvider(new AlwaysOffSampler());
  expect(await answer({ sampleRatio: 1 })).toMatchObject({ isForeign: true, attempts: 0 });
  expect(spans()).toEqual([]);
});

@Service()
class TideService {
  async tide(): Promise<string> {
    return 'low';
  }
}

@Controller('/tides')
class TideController {
  constructor(private readonly tides: TideService) {}

  @Get('/')
  async tide(): Promise<string> {
    return await this.tides.tide();
  }
}

test('takes over in an application, whose log says so once', async () => {
  const { spans } = registerProvider();
  await using receiver = await OtlpReceiver.open();
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)).msg);
      done();
    },
  });
  const app = await createApplication(instrumentedApplication([TideService, TideController], { extensions: [openTelemetry] }), {
    configuration: { opentelemetry: { endpoint: receiver.url, metrics: { enabled: false } }, logging: { format: 'json' } },
    environment: {},
    logger: { stream },
  });
  expect((await app.inject('/tides')).body).toBe('low');
  await app.close();
  expect(treesOf(spans())).toEqual([['GET /tides', ['TideController.tide', 'TideService.tide']]]);
  expect(receiver.attempts).toBe(0);
  expect(lines.filter((line) => line.startsWith('The tracer provider'))).toEqual([
    'The tracer provider of this program makes and sends the spans. The keys of opentelemetry.traces about sending have no effect',
  ]);
});
