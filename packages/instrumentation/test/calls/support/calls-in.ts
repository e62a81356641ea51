/** What a registry has counted, read as its users read it: from the scrape. */
import type { MetricsRegistry } from '@tsukimi/metrics';

/** The calls of one method. */
export interface Counted {
  readonly success: number;
  readonly failure: number;
  /** Sum of the durations, to the nanosecond. */
  readonly seconds: number;
}

const SAMPLE =
  /^component_(calls_total|duration_seconds_sum|duration_seconds_count)\{component="([^"]+)",method="([^"]+)"(?:,status="(\w+)")?\} (\S+)$/gm;

/** The methods of a component that were called; all components' unless told. */
export async function callsIn(registry: MetricsRegistry, only?: string): Promise<Record<string, Counted>> {
  const text = await registry.expose({ names: ['component_calls_total', 'component_duration_seconds'] });
  const found = new Map<string, { success: number; failure: number; seconds: number; observed: number }>();
  for (const [, family, component, method = '', status, value] of text.matchAll(SAMPLE)) {
    if (only !== undefined && component !== only) continue;
    const entry = found.get(method) ?? { success: 0, failure: 0, seconds: 0, observed: 0 };
    found.set(method, entry);
    if (family === 'duration_seconds_sum') entry.seconds += Number(value);
    else if (family === 'duration_seconds_count') entry.observed += Number(value);
    else entry[status as 'success' | 'failure'] += Number(value);
  }
  return Object.fromEntries([...found].flatMap(([method, entry]) => tellOf(method, entry)));
}

function tellOf(method: string, { success, failure, seconds, observed }: Counted & { observed: number }): [string, Counted][] {
  if (observed !== success + failure) throw new Error(`${method}: ${success + failure} calls and ${observed} durations`);
  return observed === 0 ? [] : [[method, { success, failure, seconds: Math.round(seconds * 1e9) / 1e9 }]];
}
