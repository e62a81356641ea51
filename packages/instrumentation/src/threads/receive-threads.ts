/** The side of the main thread: adds the metrics of worker threads to a registry. */
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { type MetricsRegistry, Totals, type TotalsSource } from '@tsukimi/metrics';
import { isChanges, THREADS, type ThreadChanges, type ThreadConfirmation } from './thread-messages.js';

/** The registries that receive, in the order in which they began. The first one gets what threads send, so that nothing counts twice. */
const receivers: Totals[] = [];

let channel: BroadcastChannel | undefined;

/** Adds what threads have registered to a registry. Returns a function that ends it. */
export function receiveThreads(registry: MetricsRegistry): () => void {
  if (!isMainThread) return () => undefined;
  const totals = new Totals({ registry, takesDefaultLabels: false });
  receivers.push(totals);
  open();
  return () => {
    receivers.splice(receivers.indexOf(totals), 1);
    if (receivers.length > 0) return;
    channel?.close();
    channel = undefined;
  };
}

function open(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(THREADS);
  // Nothing waits for threads.
  (channel as unknown as { unref(): void }).unref();
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: unknown };
    if (isChanges(data)) take(data);
  };
}

function take({ thread, changes, isLast }: ThreadChanges): void {
  const [totals] = receivers;
  if (totals === undefined) return;
  const source: TotalsSource = { worker: `thread ${thread}`, incarnation: thread };
  for (const each of changes) totals.apply(source, each);
  if (isLast) totals.end(source);
  else channel?.postMessage({ is: 'confirmation', thread, confirmed: totals.received(source) } satisfies ThreadConfirmation);
}
