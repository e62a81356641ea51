/** What a synchronous call costs when its method is instrumented. */
import { instrument, MetricsRegistry } from 'tsukimi';
import { openTelemetry, promClient, successor } from '../support/peers.js';
import { timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class Service {
  work(): void {}
}

await runSuite(syncCalls);

async function syncCalls({ quick }: SuiteOptions): Promise<Row[]> {
  const { bigint } = process.hrtime;
  const bare = new Service();
  const ours = instrument(new Service(), { registry: new MetricsRegistry() });
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
    'prom-client': prom.call,
    opentelemetry: otel.call,
    ...nextPeer,
  };
  const times = timeInTurns(subjects, quick ? { rounds: 3, calls: 1_000 } : { rounds: 15, calls: 400_000 });
  const bytes = bytesPerCall(() => ours.work(), quick ? 10_000 : 1_000_000);
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
    atMost('bytes allocated per instrumented sync call', 16, { value: bytes, unit: ' B', detail: '' }),
  ];
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
