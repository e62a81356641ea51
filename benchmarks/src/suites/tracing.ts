/**
 * What spans cost: of calls and requests, recorded and not, beside `@fastify/otel` and `@opentelemetry/instrumentation-fastify` with the same SDK, queue and
 * exporter. Spans are sent between the turns, outside of what is measured.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { type Context, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify';
import { startTracing, type Tracing } from '@tsukimi/opentelemetry';
import { type FastifyInstance, fastify } from 'fastify';
import { httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';
import { loopOf, median, type RoundsOptions, timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

/** Rounds that do not count. */
const WARM_UP = 3;

/** More than one turn makes. */
const MOST_SPANS = 100_000;

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
  // Nothing is sent by itself, because that would fall into a turn.
  const limits = { maxQueueSize: MOST_SPANS, maxBatchSize: MOST_SPANS, intervalMs: 3_600_000, flushTimeoutMs: 60_000 };
  const traced = startTracing(registry, { endpoint, spans: { client: 'off' }, ...limits });
  try {
    return [...(await callRows({ registry, traced }, options)), ...(await requestRows({ registry, traced }, options))];
  } finally {
    await traced.stop();
    receiver.closeAllConnections();
    receiver.close();
  }
}

async function callRows({ registry, traced: tracing }: Traced, { quick }: SuiteOptions): Promise<Row[]> {
  const measured = instrument(newStock(), { registry: new MetricsRegistry() });
  const traced = instrument(newStock(), { registry });
  const tracer = trace.getTracer('benchmark');
  const attributes = { 'code.function.name': 'Stock.count', 'tsukimi.component.kind': 'object' };
  const bySdk = () => tracer.startActiveSpan('Stock.count', { attributes }, (span) => span.end());
  const rounds = quick ? { rounds: 2, calls: 100 } : { rounds: 15, calls: 100_000 };
  const unsampled = context.with(inTrace(TraceFlags.NONE), () =>
    timeInTurns({ measured: () => measured.count(), traced: () => traced.count() }, rounds),
  );
  const sampled = await context.with(inTrace(TraceFlags.SAMPLED), () =>
    spansInTurns({ bySdk, traced: () => traced.count() }, { ...(quick ? rounds : { rounds: 41, calls: 2_000 }), tracing }),
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

function inTrace(traceFlags: TraceFlags): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags });
}

interface TurnsOptions extends RoundsOptions {
  readonly tracing: Tracing;
}

/** Median nanoseconds per call of each subject. */
async function spansInTurns<K extends string>(
  subjects: Readonly<Record<K, () => unknown>>,
  { rounds, calls, tracing }: TurnsOptions,
): Promise<Record<K, number>> {
  const turns = new Map<K, number[]>();
  const loops = (Object.keys(subjects) as K[]).map((name) => ({ name, loop: loopOf(subjects[name]) }));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const { name, loop } of loops) {
      await settle(tracing);
      const start = process.hrtime.bigint();
      loop(calls);
      const nanoseconds = Number(process.hrtime.bigint() - start) / calls;
      if (round >= 0) turns.set(name, [...(turns.get(name) ?? []), nanoseconds]);
    }
  }
  return Object.fromEntries([...turns].map(([name, values]) => [name, median(values)])) as Record<K, number>;
}

/** Sends the spans of the turn before, and collects its garbage. */
async function settle(tracing: Tracing): Promise<void> {
  await tracing.flush({ timeoutMs: 60_000 });
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
}

interface Traced {
  readonly registry: MetricsRegistry;
  readonly traced: Tracing;
}

async function requestRows({ registry, traced }: Traced, { quick }: SuiteOptions): Promise<Row[]> {
  const otelServer = (instrumentHandler: boolean) =>
    serverOf(async (server) => {
      await server.register(new FastifyOtelInstrumentation({ instrumentHooks: false, instrumentHandler }).plugin());
      return newStock();
    });
  const servers = {
    bare: await serverOf(async () => newStock()),
    measured: await serverOf((server) => measuredStock(server, { registry: new MetricsRegistry(), requestContext: false })),
    context: await serverOf((server) => measuredStock(server, { registry: new MetricsRegistry(), requestContext: true })),
    traced: await serverOf((server) => measuredStock(server, { registry, requestContext: { observers: [traced] } })),
    withCall: await serverOf(async (server) => {
      await measuredStock(server, { registry, requestContext: { observers: [traced] } });
      return instrument(newStock(), { registry });
    }),
    otel: await otelServer(false),
    otelWithHandler: await otelServer(true),
    patched: await patchedServer(),
  };
  const rounds = quick ? { rounds: 2, calls: 5 } : { rounds: 25, calls: 300 };
  const timesOf = (flags: string) => {
    const request = { url: '/stock', headers: { traceparent: `00-${TRACE}-${SPAN}-${flags}` } };
    const subjects = Object.entries(servers).map(([name, server]) => [name, () => server.inject(request)]);
    const around = inTrace(Number(flags));
    return cpuInTurns<keyof typeof servers | 'bareInTrace'>(
      {
        ...Object.fromEntries(subjects),
        // It leaves it to the instrumentation of HTTP servers, which injected requests do not have, to read the headers.
        patched: () => context.with(around, () => servers.patched.inject(request)),
        bareInTrace: () => context.with(around, () => servers.bare.inject(request)),
      },
      { ...rounds, tracing: traced },
    );
  };
  const [recorded, unrecorded] = [await timesOf('01'), await timesOf('00')];
  const rows = [
    ...spanRows('recorded', recorded),
    ...spanRows('not recorded', unrecorded),
    added('the same with a context, recorded, with the span of one call too, against the spans of the request and its handler', 1, {
      ours: recorded.withCall - recorded.context,
      theirs: recorded.otelWithHandler - recorded.bare,
    }),
    patchedRow('recorded', recorded),
    patchedRow('not recorded', unrecorded),
  ];
  await Promise.all(Object.values(servers).map((server) => server.close()));
  return rows;
}

/**
 * Nanoseconds of CPU per call of each subject, the lower quartile of its turns: what is compared here are small differences, which other programs would
 * drown.
 */
async function cpuInTurns<K extends string>(
  subjects: Readonly<Record<K, () => Promise<unknown>>>,
  { rounds, calls, tracing }: TurnsOptions,
): Promise<Record<K, number>> {
  const turns = new Map<K, number[]>();
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const name of Object.keys(subjects) as K[]) {
      await settle(tracing);
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) await subjects[name]();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) turns.set(name, [...(turns.get(name) ?? []), ((user + system) * 1000) / calls]);
    }
  }
  const quartile = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
  return Object.fromEntries([...turns].map(([name, values]) => [name, quartile(values)])) as Record<K, number>;
}

type RequestTimes = Readonly<Record<'bare' | 'measured' | 'context' | 'traced' | 'otel', number>>;

/** One span for each request on both sides; ours also has the request context, and exemplars where it is recorded. */
function spanRows(shown: string, { bare, measured, context: withContext, traced, otel }: RequestTimes): Row[] {
  const theirs = otel - bare;
  return [
    added(`what tracing and the request context add to a request that is ${shown}, against the span of @fastify/otel`, 1, {
      ours: traced - measured,
      theirs,
      bare,
    }),
    added('the same where the request has a context anyway', 1, { ours: traced - withContext, theirs }),
  ];
}

/** That instrumentation makes a span of the handler, and none of the request. */
function patchedRow(
  shown: string,
  { measured, traced, patched, bareInTrace }: RequestTimes & Readonly<Record<'patched' | 'bareInTrace', number>>,
): Row {
  return added(
    `what tracing and the request context add to a request that is ${shown}, against the handler's span of @opentelemetry/instrumentation-fastify`,
    1,
    { ours: traced - measured, theirs: patched - bareInTrace, peer: '@opentelemetry/instrumentation-fastify' },
  );
}

interface Added {
  readonly ours: number;
  readonly theirs: number;
  readonly bare?: number;
  readonly peer?: string;
}

function added(what: string, budget: number, { ours, theirs, bare, peer = '@fastify/otel' }: Added): Row {
  const micros = (nanoseconds: number) => `${format(nanoseconds / 1000)} µs`;
  const request = bare === undefined ? '' : `, a request without both ${micros(bare)}`;
  return atMost(what, budget, {
    value: ours / theirs,
    unit: 'x',
    detail: `ours ${micros(ours)}, ${peer} ${micros(theirs)}${request}`,
  });
}

type Stock = ReturnType<typeof newStock>;

/** It patches what CommonJS modules get as `fastify`. */
async function patchedServer(): Promise<FastifyInstance> {
  const instrumentation = new FastifyInstrumentation();
  const patched = createRequire(import.meta.url)('fastify') as typeof fastify;
  if (patched === fastify || !instrumentation.isEnabled())
    throw new Error('@opentelemetry/instrumentation-fastify does not patch fastify.');
  return serverOf(async () => newStock(), patched());
}

async function serverOf(
  prepare: (server: FastifyInstance) => Promise<Stock>,
  server: FastifyInstance = fastify(),
): Promise<FastifyInstance> {
  const stock = await prepare(server);
  server.get('/stock', async () => ({ count: stock.count() }));
  await server.ready();
  return server;
}

interface Measured {
  readonly registry: MetricsRegistry;
  readonly requestContext: boolean | { readonly observers: readonly Tracing[] };
}

async function measuredStock(server: FastifyInstance, options: Measured): Promise<Stock> {
  await server.register(httpInstrumentation, { ...options, processMetrics: false });
  return newStock();
}
