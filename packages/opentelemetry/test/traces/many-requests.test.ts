/** Ten thousand requests at once: no span has a parent in another request. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { Controller, Get, Param, Repository, Service } from '@tsukimi/core';
import { openTelemetry } from '@tsukimi/opentelemetry';
import { expect, test } from 'vitest';
import { OtlpReceiver, type ReceivedSpan } from '../../../../test/support/otlp-receiver.js';
import { instrumentedApplication, start } from '../../../instrumentation/test/support/start.js';

/** Notes in the active span which request it should belong to. */
const note = (id: string) => void trace.getActiveSpan()?.setAttribute('test.request', id);

@Repository()
class OrderRepository {
  async *pages(id: string): AsyncGenerator<string> {
    for (const page of ['a', 'b']) {
      await nextTurn();
      note(id);
      yield page;
    }
  }

  async find(id: string): Promise<string> {
    note(id);
    await nextTurn();
    note(id);
    return id;
  }
}

@Service()
class OrderService {
  constructor(private readonly orders: OrderRepository) {}

  async order(id: string): Promise<string> {
    note(id);
    const [order] = await Promise.all([this.orders.find(id), this.orders.find(id)]);
    let text = order;
    for await (const page of this.orders.pages(id)) {
      text += page;
      note(id);
    }
    note(id);
    return text;
  }
}

@Controller('/orders')
class OrderController {
  constructor(private readonly service: OrderService) {}

  @Get('/:id')
  async order(@Param('id') id: string): Promise<string> {
    const order = await this.service.order(id);
    note(id);
    return order;
  }
}

const App = instrumentedApplication([OrderRepository, OrderService, OrderController], { extensions: [openTelemetry] });
const REQUESTS = 10_000;
const NAMES = [
  'GET /orders/:id',
  'OrderController.order',
  'OrderRepository.find',
  'OrderRepository.find',
  'OrderRepository.pages',
  'OrderService.order',
];
const PARENTS: Readonly<Record<string, string>> = {
  'OrderController.order': 'GET /orders/:id',
  'OrderService.order': 'OrderController.order',
  'OrderRepository.find': 'OrderService.order',
  'OrderRepository.pages': 'OrderService.order',
};

test('each span of 10,000 concurrent requests has its parent in its own request', async () => {
  await using receiver = await OtlpReceiver.open();
  const traces = { max_queue_size: 100_000, max_batch_size: 5000, flush_timeout_ms: 60_000 };
  const opentelemetry = { endpoint: receiver.url, timeout_ms: 60_000, metrics: { enabled: false }, traces };
  const { app } = await start(App, { configuration: { opentelemetry, server: { shutdown_timeout_ms: 60_000 } } });

  const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, id) => app.fastify.inject(`/orders/${id}`)));
  expect(answers.every(({ body }, id) => body === `${id}ab`)).toBe(true);

  await app.close();
  const byTrace = groupedByTrace(receiver.spans);
  expect(byTrace.size).toBe(REQUESTS);
  expect([...byTrace.values()].filter((spans) => !isWhole(spans))).toEqual([]);
}, 120_000);

function groupedByTrace(spans: readonly ReceivedSpan[]): ReadonlyMap<string, readonly ReceivedSpan[]> {
  const groups = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const group = groups.get(span.traceId);
    if (group === undefined) groups.set(span.traceId, [span]);
    else group.push(span);
  }
  return groups;
}

/** Whether the spans of a trace are those of one request, each below its caller's. */
function isWhole(spans: readonly ReceivedSpan[]): boolean {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const [request] = spans.filter(({ parentSpanId }) => parentSpanId === '');
  const id = String(request?.attributes['url.path']).slice('/orders/'.length);
  const names = spans.map(({ name }) => name).sort();
  const areNoted = spans.every((span) => span === request || span.attributes['test.request'] === id);
  const areBelow = spans.every((span) => span === request || byId.get(span.parentSpanId)?.name === PARENTS[span.name]);
  return names.join() === NAMES.join() && areNoted && areBelow;
}
