/** Reads a registry as OpenMetrics, judged by a strict reader, at a date that stands still. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import { afterEach, beforeEach, vi } from 'vitest';
import { parseOpenMetrics } from './openmetrics-parser.js';

/** The date of every test of a file that calls `stopTheDate()`, in seconds since 1970. */
export const NOW = 1_700_000_000.125;

export function stopTheDate(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** The whole scrape, or the part of some metrics. */
export async function openMetricsOf(registry: MetricsRegistry, ...names: string[]): Promise<string> {
  const text = await registry.expose({ format: 'openmetrics', ...(names.length > 0 && { names }) });
  parseOpenMetrics(text);
  return text;
}
