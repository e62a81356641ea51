/** The peers, each used as its README tells a user to. */
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { Counter, Histogram, Registry } from 'prom-client';

const LABELS = ['component', 'method'] as const;

export interface Peer {
  /** Calls what is measured and records it. */
  readonly call: () => void;
}

/** prom-client with labels per call: a counter and a histogram. */
export function promClient(work: () => unknown, module = { Counter, Histogram, Registry }): Peer {
  const registers = [new module.Registry()];
  const calls = new module.Counter({ name: 'calls_total', help: 'Calls.', labelNames: [...LABELS, 'status'], registers });
  const durations = new module.Histogram({ name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, registers });
  return {
    call() {
      const end = durations.startTimer();
      work();
      end({ component: 'Service', method: 'work' });
      calls.inc({ component: 'Service', method: 'work', status: 'success' });
    },
  };
}

/** prom-client for work that throws: the same, and a counter by the class of the error. */
export function promClientFailures(work: () => unknown): Peer {
  const registers = [new Registry()];
  const calls = new Counter({ name: 'calls_total', help: 'Calls.', labelNames: [...LABELS, 'status'], registers });
  const failures = new Counter({ name: 'failures_total', help: 'Failures.', labelNames: [...LABELS, 'error'], registers });
  const durations = new Histogram({ name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, registers });
  return {
    call() {
      const end = durations.startTimer();
      let status = 'success';
      try {
        work();
      } catch (error) {
        status = 'failure';
        failures.inc({ component: 'Service', method: 'work', error: (error as Error).name });
        throw error;
      } finally {
        end({ component: 'Service', method: 'work' });
        calls.inc({ component: 'Service', method: 'work', status });
      }
    },
  };
}

/** OpenTelemetry's metrics: a counter and a histogram. */
export function openTelemetry(work: () => unknown): Peer {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })] });
  const meter = provider.getMeter('benchmark');
  const calls = meter.createCounter('calls');
  const durations = meter.createHistogram('duration', { unit: 's' });
  return {
    call() {
      const start = performance.now();
      work();
      durations.record((performance.now() - start) / 1000, { component: 'Service', method: 'work' });
      calls.add(1, { component: 'Service', method: 'work', status: 'success' });
    },
  };
}

/** prom-client's successor, where this Node can load it. */
export async function successor(): Promise<
  { Counter: typeof Counter; Histogram: typeof Histogram; Registry: typeof Registry } | undefined
> {
  const name = '@prometheus-io/client';
  try {
    return await import(name);
  } catch {
    return undefined;
  }
}
