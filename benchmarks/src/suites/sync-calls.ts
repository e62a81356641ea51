/** What a synchronous call costs when its method is instrumented. */
import { Counted, instrument, MetricsRegistry, Timed } from 'tsukimi';
import { openTelemetry, promClient, promClientFailures, successor } from '../support/peers.js';
import { timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class Service {
  work(): void {}
}

const FAILURE = new RangeError('The moon is down.');

class Failing {
  work(): void {
    throw FAILURE;
  }
}

/** Labels of each call. */
class Tiers {
  @Timed({ name: 'tier_seconds', labelValues: { tier: ['free', 'paid'] }, labels: (call) => ({ tier: call.args[0] }) })
  @Counted({ name: 'tiers_total', labelValues: { tier: ['free', 'paid'] }, labels: (call) => ({ tier: call.args[0] }) })
  work(_tier: string): void {}
}

await runSuite(syncCalls);

async function syncCalls({ quick }: SuiteOptions): Promise<Row[]> {
  const { bigint } = process.hrtime;
  const bare = new Service();
  const ours = instrument(new Service(), { registry: new MetricsRegistry() });
  const tiers = instrument(new Tiers(), { registry: new MetricsRegistry(), exclude: ['work'] });
  const prom = promClient(() => bare.work());
  const otel = openTelemetry(() => bare.work());
  const next = await successor();
  const nextPeer: Record<string, () => void> =
    next === undefined ? {} : { '@prometheus-io/client': promClient(() => bare.work(), next).call };
  const subjects = {
    clocks: () => {
      bigint();
      return bigint();
    },
    ours: () => ours.work(),
    'ours with labels': () => tiers.work('paid'),
    'prom-client': prom.call,
    opentelemetry: otel.call,
    ...nextPeer,
  };
  const times = timeInTurns(subjects, quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 400_000 });
  const bytes = bytesPerCall(() => ours.work(), quick ? 10_000 : 1_000_000);
  const failing = failureTimes(quick);
  return [
    atMost('sync no-op method, instrumented, against two clock reads', 1.5, {
      value: times.ours / times.clocks,
      unit: 'x',
      detail: nanos(times),
    }),
    atMost('the same against prom-client 15 with labels per call', 1 / 8, {
      value: times.ours / times['prom-client'],
      unit: 'x',
      detail: ratio(times.ours, times['prom-client']),
    }),
    atMost('the same against OpenTelemetry metrics', 1 / 20, {
      value: times.ours / times.opentelemetry,
      unit: 'x',
      detail: ratio(times.ours, times.opentelemetry),
    }),
    atMost('@Timed and @Counted with labels of the call, against prom-client 15 with labels per call', 1, {
      value: times['ours with labels'] / times['prom-client'],
      unit: 'x',
      detail: ratio(times['ours with labels'], times['prom-client']),
    }),
    atMost('a method that throws, its failures counted by the class of the error, against prom-client 15', 1, {
      value: failing.ours / failing['prom-client'],
      unit: 'x',
      detail: nanos(failing),
    }),
    atMost('bytes allocated per instrumented sync call', 16, { value: bytes, unit: ' B', detail: '' }),
  ];
}

/** By itself, and last: what throws would change the machine code of what is measured beside it. */
function failureTimes(quick: boolean) {
  const bare = new Failing();
  const ours = instrument(new Failing(), { registry: new MetricsRegistry(), thrownErrorClasses: true });
  const prom = promClientFailures(() => bare.work());
  const subjects = { ours: () => caught(() => ours.work()), 'prom-client': () => caught(prom.call) };
  return timeInTurns(subjects, quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 100_000 });
}

function caught(call: () => void): void {
  try {
    call();
  } catch {
    // What is measured is on its way.
  }
}

function ratio(ours: number, theirs: number): string {
  return `1/${format(theirs / ours)}`;
}

function bytesPerCall(call: () => void, calls: number): number {
  for (let index = 0; index < calls; index += 1) call();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < calls; index += 1) call();
  return Math.max(0, process.memoryUsage().heapUsed - before) / calls;
}
