/** What observers, a tracer and the request context cost, where they are used and where they are not. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fastify } from 'fastify';
import { type CallSpan, httpInstrumentation, instrument, MetricsRegistry, observeCalls, traceCalls } from 'tsukimi';
import { timeAsyncInTurns, timeInTurns } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

// A class of its own for each subject, so that none shapes how another's wrapper is compiled.
const newService = () =>
  new (class Service {
    work(): void {}
  })();

await runSuite(context);

async function context(options: SuiteOptions): Promise<Row[]> {
  return [...callRows(options), await requestRow(options)];
}

function callRows({ quick }: SuiteOptions): Row[] {
  const measured = instrument(newService(), { registry: new MetricsRegistry() });
  const times = timeInTurns(
    {
      measured: () => measured.work(),
      observed: observedWork(),
      unsampled: unsampledWork(),
    },
    quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 300_000 },
  );
  return [
    atMost('a sync call with an observer of its end, against one without', 2, {
      value: times.observed / times.measured,
      unit: 'x',
      detail: nanos({ measured: times.measured, observed: times.observed }),
    }),
    atMost('a sync call whose tracer reads an AsyncLocalStorage and makes no span, against one without a tracer', 2, {
      value: times.unsampled / times.measured,
      unit: 'x',
      detail: nanos({ measured: times.measured, unsampled: times.unsampled }),
    }),
  ];
}

function observedWork(): () => void {
  const registry = new MetricsRegistry();
  const slow: number[] = [];
  observeCalls(registry, {
    ended: ({ durationSeconds }) => {
      if (durationSeconds > 0.5) slow.push(durationSeconds);
    },
  });
  const service = instrument(newService(), { registry });
  return () => service.work();
}

function unsampledWork(): () => void {
  const registry = new MetricsRegistry();
  const active = new AsyncLocalStorage<{ readonly isSampled: boolean; readonly span: CallSpan }>();
  traceCalls(registry, { trace: () => () => (active.getStore()?.isSampled === true ? active.getStore()?.span : undefined) });
  const service = instrument(newService(), { registry });
  // As in a request that is not sampled.
  return () => active.run({ isSampled: false, span: undefined as never }, () => service.work());
}

async function requestRow({ quick }: SuiteOptions): Promise<Row> {
  const [off, on] = await Promise.all([served(false), served(true)]);
  const times = await timeAsyncInTurns(
    { off: () => off.inject('/hello'), on: () => on.inject('/hello') },
    quick ? { rounds: 3, calls: 100 } : { rounds: 15, calls: 5_000 },
  );
  await Promise.all([off.close(), on.close()]);
  return atMost('an injected request with the request context, against one without', 1.5, {
    value: times.on / times.off,
    unit: 'x',
    detail: nanos(times),
  });
}

async function served(requestContext: boolean) {
  const server = fastify();
  await server.register(httpInstrumentation, { registry: new MetricsRegistry(), requestContext, processMetrics: false, path: null });
  server.get('/hello', async () => 'hello');
  await server.ready();
  return server;
}
