/** What a server counted, read from its scrape, and the expectation that it is exact. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import { expect, vi } from 'vitest';

interface Counted {
  readonly registry: MetricsRegistry;
  close(): Promise<void>;
}

/** One line of the scrape. */
interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const WAIT = { timeout: 20_000, interval: 5 } as const;

/** The requests counted so far: `GET /users/:id 200 x3`, sorted. */
export async function counted({ registry }: { readonly registry: MetricsRegistry }): Promise<string[]> {
  const lines = await linesOf(registry, 'http_requests_total');
  return lines.map(({ labels, value }) => `${labels['method']} ${labels['path']} ${labels['status']} x${value}`).sort();
}

/** The sum over all of `http_requests_total`. */
export async function total(registry: MetricsRegistry): Promise<number> {
  return sum(await linesOf(registry, 'http_requests_total'));
}

export async function inFlight(registry: MetricsRegistry): Promise<number> {
  return sum(await linesOf(registry, 'http_requests_in_flight'));
}

/** Streams that are open, of one kind. */
export async function streamsInFlight(registry: MetricsRegistry, kind: 'sse' | 'websocket'): Promise<number> {
  const lines = await linesOf(registry, 'http_streams_in_flight');
  return sum(lines.filter(({ labels }) => labels['kind'] === kind));
}

/** Streams that have ended, as `GET /events sse x1`, sorted. */
export async function endedStreams(registry: MetricsRegistry): Promise<string[]> {
  const lines = await linesOf(registry, 'http_stream_duration_seconds_count');
  return lines.map(({ labels, value }) => `${labels['method']} ${labels['path']} ${labels['kind']} x${value}`).sort();
}

/** Waits until so many requests have arrived and not ended. */
export async function waitForInFlight({ registry }: { readonly registry: MetricsRegistry }, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await inFlight(registry)).toBe(count), WAIT);
}

/**
 * Expects exactly these counts, none of them twice also after the server has closed, nothing in flight, no stream open, and as many durations as requests.
 * @param expected `GET /users/:id 200`; several of one kind as `GET /users/:id 200 x3`
 */
export async function expectCounts(server: Counted, expected: readonly string[]): Promise<void> {
  const lines = expected.map((line) => (/ x\d+$/.test(line) ? line : `${line} x1`)).sort();
  await vi.waitFor(async () => {
    expect(await counted(server)).toEqual(lines);
    expect(await inFlight(server.registry)).toBe(0);
  }, WAIT);
  await server.close();
  expect(await counted(server)).toEqual(lines);
  await expectConsistent(server.registry);
}

/** Expects nothing in flight and no stream open, and for each route as many durations as requests. */
export async function expectConsistent(registry: MetricsRegistry): Promise<void> {
  expect(await inFlight(registry)).toBe(0);
  expect(sum(await linesOf(registry, 'http_streams_in_flight'))).toBe(0);
  const [requests, durations, streams] = await Promise.all([
    linesOf(registry, 'http_requests_total'),
    linesOf(registry, 'http_request_duration_seconds_count'),
    linesOf(registry, 'http_stream_duration_seconds_count'),
  ]);
  expect(byRoute([...durations, ...streams])).toEqual(byRoute(requests));
}

/** The sum of the durations of all requests, in seconds. */
export async function secondsSpent(registry: MetricsRegistry): Promise<number> {
  return sum(await linesOf(registry, 'http_request_duration_seconds_sum'));
}

/** Status class to requests: `{ '2xx': 3, '4xx': 1 }`. */
export async function byStatusClass(registry: MetricsRegistry): Promise<Record<string, number>> {
  return grouped(await linesOf(registry, 'http_requests_total'), ({ labels }) => `${labels['status']?.[0]}xx`);
}

function byRoute(lines: readonly Line[]): Record<string, number> {
  return grouped(lines, ({ labels }) => `${labels['method']} ${labels['path']}`);
}

function grouped(lines: readonly Line[], keyOf: (line: Line) => string): Record<string, number> {
  const groups: Record<string, number> = {};
  for (const line of lines) groups[keyOf(line)] = (groups[keyOf(line)] ?? 0) + line.value;
  return groups;
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((all, { value }) => all + value, 0);
}

async function linesOf(registry: MetricsRegistry, sample: string): Promise<Line[]> {
  const text = await registry.expose();
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name !== sample) return [];
    return {
      labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text])),
      value: Number(value),
    };
  });
}
