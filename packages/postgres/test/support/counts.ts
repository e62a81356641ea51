/** Reads the counts of a registry in a form that can be compared as a whole. */
import type { MetricsRegistry } from '@tsukimi/metrics';

/** `{ 'db_rows_total{pool="main",operation="select"}': 3 }`: the samples of some metrics that are not 0, without sums and buckets. */
export async function counts(registry: MetricsRegistry, ...names: readonly string[]): Promise<Record<string, number>> {
  const text = await registry.expose();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !/_(bucket|sum)[{ ]/.test(line));
  const chosen = samples.filter((line) => line.startsWith('db_') && (names.length === 0 || names.some((name) => line.startsWith(name))));
  return Object.fromEntries(
    chosen
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))] as const;
      })
      .filter(([, value]) => value !== 0),
  );
}

/** Counts of queries: `{ 'select findUser': 1 }`. */
export async function queries(registry: MetricsRegistry): Promise<Record<string, number>> {
  return short(await counts(registry, 'db_query_duration_seconds_count'), /operation="(.*?)",statement="(.*?)"/);
}

/** Failures of queries by SQLSTATE class: `{ 23: 1 }`. */
export async function failures(registry: MetricsRegistry): Promise<Record<string, number>> {
  return short(await counts(registry, 'db_query_failures_total'), /sqlstate="(.*?)"/);
}

/** Rows by operation: `{ select: 3 }`. */
export async function rows(registry: MetricsRegistry): Promise<Record<string, number>> {
  return short(await counts(registry, 'db_rows_total'), /operation="(.*?)"/);
}

/** Transactions by outcome: `{ commit: 1 }`. */
export async function transactions(registry: MetricsRegistry): Promise<Record<string, number>> {
  return short(await counts(registry, 'db_transactions_total'), /outcome="(.*?)"/);
}

/** How many callers got a connection, or an error. */
export async function waits(registry: MetricsRegistry): Promise<number> {
  return Object.values(await counts(registry, 'db_pool_wait_seconds_count'))[0] ?? 0;
}

function short(samples: Readonly<Record<string, number>>, labels: RegExp): Record<string, number> {
  return Object.fromEntries(Object.entries(samples).map(([sample, value]) => [labels.exec(sample)?.slice(1).join(' ') ?? sample, value]));
}
