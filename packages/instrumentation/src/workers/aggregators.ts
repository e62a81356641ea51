/** How the gauges of prom-client's process metrics are merged, where its own choice is not right for the workers of one application. */
import { type Aggregator, processMetrics } from '@tsukimi/metrics';

/** The others have prom-client's: sums, and averages of the event loop's lag. */
export const PROCESS_AGGREGATORS: Readonly<Record<string, Aggregator>> = {
  // When the application started: its first process.
  process_start_time_seconds: 'min',
  // The limit is that of each process.
  process_max_fds: 'min',
  nodejs_eventloop_lag_max_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
};

/** Those that the primary has too, because it uses CPU time and memory: all but what is about the event loop that serves requests. */
export function primaryProcessMetrics(): ReturnType<typeof processMetrics> {
  return processMetrics().filter((metric) => !(metric as unknown as { readonly name: string }).name.startsWith('nodejs_eventloop'));
}
