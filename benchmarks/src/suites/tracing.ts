/** What spans cost: of calls and requests, recorded and not, beside `@fastify/otel` with the same SDK, queue and exporter. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { startTracing, type Tracing } from '@tsukimi/opentelemetry';
import { type FastifyInstance, fastify } from 'fastify';
import { httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';
import { timeAsyncInTurns, timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

// A class of its own for each subject, so that none shapes how another's wrapper is compiled.
const newStock = () =>
  new (class Stock {
    count(): number {
      return 7;
    }
  })();

await runSuite(tracing);

async function tracing(options: SuiteOptions): Promise<Row[]> {
  const receiver = createServer((request, response) => void request.resume().on('end', () => response.end())).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const registry = new MetricsRegistry();
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const traced = startTracing(registry, { endpoint, spans: { client: 'off' }, maxQueueSize: 500_000, flushTimeoutMs: 60_000 });
  try {
    return [...callRows(registry, options), ...(await requestRows({ registry, traced }, options))];
  } finally {
    await traced.stop();
    receiver.closeAllConnections();
    receiver.close();
  }
}

function callRows(registry: MetricsRegistry, { quick }: SuiteOptions): Row[] {
  const measured = instrument(newStock(), { registry: new MetricsRegistry() });
  const traced = instrument(newStock(), { registry });
  const tracer = trace.getTracer('benchmark');
  const bySdk = () => tracer.startActiveSpan('count', (span) => span.end());
  const rounds = quick ? { rounds: 2, calls: 100 } : { rounds: 15, calls: 100_000 };
  const within = { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.NONE };
  const unsampled = context.with(trace.setSpanContext(ROOT_CONTEXT, within), () =>
    timeInTurns({ measured: () => measured.count(), traced: () => traced.count() }, rounds),
  );
  const sampledRounds = quick ? rounds : { rounds: 9, calls: 3_000 };
  const recorded = { ...within, traceFlags: TraceFlags.SAMPLED };
  const sampled = context.with(trace.setSpanContext(ROOT_CONTEXT, recorded), () =>
    timeInTurns({ bySdk, traced: () => traced.count() }, sampledRounds),
  );
  return [
    atMost('a sync call in a trace that is not recorded, against one without tracing', 2, {
      value: unsampled.traced / unsampled.measured,
      unit: 'x',
      detail: nanos(unsampled),
    }),
    atMost('a sync call with a span, its metrics included, against a span of the SDK alone', 2, {
      value: sampled.traced / sampled.bySdk,
      unit: 'x',
      detail: nanos(sampled),
    }),
  ];
}

interface Traced {
  readonly registry: MetricsRegistry;
  readonly traced: Tracing;
}

async function requestRows({ registry, traced }: Traced, { quick }: SuiteOptions): Promise<Row[]> {
  const servers = {
    bare: await serverOf(async () => newStock()),
    measured: await serverOf((server) => measuredStock(server, { registry: new MetricsRegistry() })),
    traced: await serverOf((server) => measuredStock(server, { registry, observer: traced })),
    otel: await serverOf(async (server) => {
      await server.register(new FastifyOtelInstrumentation({ instrumentHooks: false }).plugin());
      return newStock();
    }),
  };
  const rounds = quick ? { rounds: 2, calls: 5 } : { rounds: 15, calls: 300 };
  const subjectsOf = (flags: string) => {
    const request = { url: '/stock', headers: { traceparent: `00-${TRACE}-${SPAN}-${flags}` } };
    return {
      bare: () => servers.bare.inject(request),
      measured: () => servers.measured.inject(request),
      traced: () => servers.traced.inject(request),
      otel: () => servers.otel.inject(request),
    };
  };
  const rows: Row[] = [];
  for (const [flags, shown] of [
    ['01', 'recorded'],
    ['00', 'not recorded'],
  ] as const) {
    const times = await timeAsyncInTurns(subjectsOf(flags), rounds);
    const [ours, theirs] = [times.traced - times.measured, times.otel - times.bare];
    rows.push(
      atMost(`what tracing adds to a request that is ${shown}, with one call, against @fastify/otel`, 1, {
        value: ours / theirs,
        unit: 'x',
        detail: `ours ${format(ours / 1000)} µs, @fastify/otel ${format(theirs / 1000)} µs, a request without both ${format(times.bare / 1000)} µs`,
      }),
    );
  }
  await Promise.all(Object.values(servers).map((server) => server.close()));
  return rows;
}

type Stock = ReturnType<typeof newStock>;

async function serverOf(prepare: (server: FastifyInstance) => Promise<Stock>): Promise<FastifyInstance> {
  const server = fastify();
  const stock = await prepare(server);
  server.get('/stock', async () => ({ count: stock.count() }));
  await server.ready();
  return server;
}

async function measuredStock(
  server: FastifyInstance,
  { registry, observer }: { readonly registry: MetricsRegistry; readonly observer?: Tracing },
): Promise<Stock> {
  const requestContext = observer === undefined ? false : { observers: [observer] };
  await server.register(httpInstrumentation, { registry, requestContext, processMetrics: false });
  return instrument(newStock(), { registry });
}
