/** How spans are sent: in batches, from a bounded queue, whatever the receiver does. */
import { trace } from '@opentelemetry/api';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { EXPORTER_DROPPED_SPANS, type StartTracingOptions, startTracing } from '@tsukimi/opentelemetry';
import { expect, onTestFinished, test, vi } from 'vitest';
import { OtlpReceiver, partialSuccess } from '../../../../test/support/otlp-receiver.js';
import { waitUntil } from '../../../../test/support/wait-until.js';

class Shop {
  sell(): string {
    return 'sold';
  }
}

/** A traced object, whose calls are sent to a receiver. Nothing is sent before it is asked for, unless the test says so. */
async function tracedShop(options: StartTracingOptions & { readonly isStarted?: boolean } = {}) {
  const { isStarted = true, ...given } = options;
  const receiver = await OtlpReceiver.open({ isStarted });
  const registry = new MetricsRegistry();
  const lines: string[] = [];
  const log = (details: object, message: string) => void lines.push(`${Reflect.get(details, 'code') ?? 'info'}: ${message}`);
  const tracing = startTracing(registry, {
    endpoint: receiver.url,
    intervalMs: 60_000,
    logger: { info: log, warn: log },
    ...given,
  });
  onTestFinished(async () => {
    await tracing.stop({ timeoutMs: 100 });
    await receiver.stop();
  });
  const shop = instrument(new Shop(), { registry, component: 'Shop' });
  const sell = (count: number) => {
    for (let call = 0; call < count; call += 1) shop.sell();
  };
  const dropped = (reason: string) => registry.counter(EXPORTER_DROPPED_SPANS).labels({ exporter: 'opentelemetry-traces', reason }).value;
  return { receiver, registry, tracing, sell, lines, dropped };
}

test('spans are sent in batches, as soon as one is full', async () => {
  const { receiver, sell, dropped } = await tracedShop({ maxBatchSize: 100, flushTimeoutMs: 20_000 });
  await waitUntil('the first contact', () => receiver.requests.length === 1);
  sell(250);
  await receiver.untilSpans(250);
  expect(receiver.requests).toHaveLength(4);
  sell(99);
  expect(receiver.requests).toHaveLength(4);
  expect(dropped('queue_full')).toBe(0);
});

test('what is still there is sent at stop, and nothing afterwards', async () => {
  const { receiver, tracing, sell } = await tracedShop({ flushTimeoutMs: 20_000 });
  sell(3);
  expect(await tracing.stop()).toBe(true);
  expect(receiver.spans.map(({ name }) => name)).toEqual(['Shop.sell', 'Shop.sell', 'Shop.sell']);
  const { attempts } = receiver;
  sell(3);
  expect(receiver.attempts).toBe(attempts);
});

test('while the receiver is away, calls go on, the queue is bounded, and the rest is sent when it is back', async () => {
  const { receiver, tracing, sell, lines, dropped } = await tracedShop({ isStarted: false, maxQueueSize: 100, flushTimeoutMs: 20_000 });
  await waitUntil('the first failure', () => lines.length > 0);
  sell(300);
  expect(dropped('queue_full')).toBe(200);
  expect(await tracing.flush()).toBe(false);
  sell(10);
  expect(dropped('queue_full')).toBe(210);
  await receiver.start();
  expect(await tracing.flush()).toBe(true);
  expect(receiver.spans).toHaveLength(100);
  sell(50);
  expect(await tracing.flush()).toBe(true);
  expect(receiver.spans).toHaveLength(150);
  expect(dropped('queue_full')).toBe(210);
  expect(lines).toEqual([
    expect.stringMatching(
      /^TSK_ERR_PUSH_DOWN: The exporter opentelemetry-traces does not reach http:\/\/127\.0\.0\.1:\d+\/v1\/traces: .*ECONNREFUSED/,
    ),
    expect.stringMatching(/^info: The exporter opentelemetry-traces reaches http:\/\/127\.0\.0\.1:\d+\/v1\/traces again/),
  ]);
});

test('a receiver that never answers costs the limit of the flush at stop, and one line', async () => {
  const { receiver, tracing, sell, lines, dropped } = await tracedShop();
  receiver.answer = 'hang';
  sell(5);
  expect(await tracing.stop({ timeoutMs: 50 })).toBe(false);
  expect(dropped('stopped')).toBe(5);
  expect(lines.filter((line) => line.startsWith('TSK_ERR_PUSH_UNSENT'))).toHaveLength(1);
});

test('spans that the receiver refuses for good are dropped, counted and said', async () => {
  const { receiver, tracing, sell, lines, dropped } = await tracedShop({ headers: { 'x-api-key': 'hunter2' }, flushTimeoutMs: 20_000 });
  receiver.answer = { status: 401, body: 'no access with hunter2' };
  sell(5);
  expect(await tracing.flush()).toBe(false);
  expect(dropped('rejected')).toBe(5);
  receiver.answer = { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: partialSuccess('traces', 2, 'too old') };
  sell(5);
  await tracing.flush();
  expect(dropped('rejected')).toBe(7);
  receiver.answer = undefined;
  sell(1);
  expect(await tracing.flush()).toBe(true);
  expect(receiver.spans).toHaveLength(1);
  expect(receiver.requests.at(-1)?.headers['x-api-key']).toBe('hunter2');
  expect(lines.join('\n')).not.toContain('hunter2');
  expect(lines.join('\n')).toContain('it answered 401 (no access with ***)');
  expect(lines.join('\n')).toContain('it did not take 2 of 5 spans (too old)');
});

test('a receiver that is busy gets the same spans again, once', async () => {
  const { receiver, tracing, sell, dropped } = await tracedShop({ maxBatchSize: 2, flushTimeoutMs: 20_000 });
  receiver.answer = { status: 503, headers: { 'retry-after': '1' } };
  sell(5);
  expect(await tracing.flush()).toBe(false);
  receiver.answer = undefined;
  expect(await tracing.flush()).toBe(true);
  expect(receiver.spans).toHaveLength(5);
  expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).toBe(5);
  expect(dropped('rejected')).toBe(0);
});

test.each(['none', 'gzip'] as const)('the compression %s', async (compression) => {
  const { receiver, tracing, sell } = await tracedShop({ compression, flushTimeoutMs: 20_000 });
  sell(2);
  expect(await tracing.flush()).toBe(true);
  expect(receiver.spans).toHaveLength(2);
  expect(receiver.requests.at(-1)?.headers['content-encoding']).toBe(compression === 'gzip' ? 'gzip' : undefined);
});

test('spans of the program itself join the traces, and nothing stays registered after stop', async () => {
  const { receiver, registry, tracing } = await tracedShop({ flushTimeoutMs: 20_000 });
  const shop = instrument(new Shop(), { registry, component: 'Other' });
  trace.getTracer('own').startActiveSpan('work', (span) => {
    shop.sell();
    span.end();
  });
  await tracing.stop();
  const [inner, outer] = receiver.spans;
  expect([outer?.name, inner?.name, inner?.parentSpanId]).toEqual(['work', 'Other.sell', outer?.spanId]);
  expect(trace.getTracer('own').startSpan('after').isRecording()).toBe(false);
});

test.each([
  ['OTEL_SDK_DISABLED', 'true'],
  ['OTEL_TRACES_EXPORTER', 'none'],
  ['OTEL_TRACES_EXPORTER', ' None,'],
])('with %s=%s, nothing is traced or sent', async (name, value) => {
  vi.stubEnv(name, value);
  const { receiver, tracing, sell } = await tracedShop();
  vi.unstubAllEnvs();
  sell(3);
  expect(trace.getTracer('own').startSpan('work').isRecording()).toBe(false);
  expect([tracing.isForeign, await tracing.flush(), await tracing.stop(), receiver.attempts]).toEqual([false, true, true, 0]);
});

test.each([
  ['OTEL_TRACES_EXPORTER', 'zipkin', 'OTEL_TRACES_EXPORTER is "zipkin". Use otlp, none.'],
  ['OTEL_TRACES_EXPORTER', 'otlp, console', 'OTEL_TRACES_EXPORTER is "console". Use otlp, none.'],
  ['OTEL_BSP_EXPORT_TIMEOUT', 'long', 'OTEL_BSP_EXPORT_TIMEOUT is a text of 4 characters. Use a whole number of milliseconds from 1 to'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', 'many', 'OTEL_BSP_MAX_QUEUE_SIZE is a text of 4 characters. Use a whole number from 1 to 1000000.'],
  [
    'OTEL_TRACES_SAMPLER_ARG',
    '10%',
    'OTEL_TRACES_SAMPLER_ARG is a text of 3 characters. Use a number from 0 to 1, such as 0.1 for a tenth.',
  ],
])('%s=%s is refused, as it was received', (name, value, message) => {
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'traceidratio');
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => startTracing(new MetricsRegistry())).toThrow(message);
});

test.each([
  [{ sampleRatio: 2 }, 'sampleRatio is 2. Use a number from 0 to 1, such as 0.1 for a tenth.'],
  [{ spans: { http: 'yes' as 'on' } }, 'spans.http is "yes". Use auto, on or off.'],
  [{ maxQueueSize: 0 }, 'maxQueueSize is 0. Use a whole number from 1 to 1000000.'],
  [{ intervalMs: 1.5 }, 'intervalMs is 1.5. Use a whole number from 1 to 1073741823.'],
  [{ recordStacks: 1 as never }, 'recordStacks is 1. Use true or false.'],
  [{ endpoint: 'localhost:4318' }, 'endpoint is a text of 14 characters. Use a URL with http or https, such as http://127.0.0.1:4318.'],
])('%j is refused', (options, message) => {
  expect(() => startTracing(new MetricsRegistry(), options)).toThrow(message);
});
