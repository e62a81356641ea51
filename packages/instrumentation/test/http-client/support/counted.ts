/** The counts of outgoing requests to one host. */
import { type HttpClientOptions, measureHttpClient } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, onTestFinished } from 'vitest';

export interface Counted {
  readonly registry: MetricsRegistry;
  /** `{ 'GET 200': 1 }`, of one host. */
  counts(): Promise<Record<string, number>>;
  /** How many requests to the host were timed, by method. */
  timed(): Promise<Record<string, number>>;
  /** Waits until these are the counts. */
  expect(counts: Readonly<Record<string, number>>): Promise<void>;
}

/** Measures until the test is over. */
export function counted(host: string, options: HttpClientOptions = { hosts: [host] }): Counted {
  const registry = new MetricsRegistry();
  const measurement = measureHttpClient(registry, options);
  onTestFinished(() => measurement.stop());
  const counts = async (): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for await (const family of registry.read({ names: ['http_client_requests_total'] })) {
      if (family.type !== 'counter') continue;
      for (const { labels, value } of family.points) if (labels['host'] === host) found[`${labels['method']} ${labels['status']}`] = value;
    }
    return found;
  };
  return {
    registry,
    counts,
    timed: async () => {
      const found: Record<string, number> = {};
      for await (const family of registry.read({ names: ['http_client_request_duration_seconds'] })) {
        if (family.type !== 'histogram') continue;
        for (const { labels, count } of family.points) if (labels['host'] === host) found[labels['method'] ?? ''] = count;
      }
      return found;
    },
    expect: async (wanted) => expect.poll(counts, { timeout: 20_000 }).toEqual(wanted),
  };
}
