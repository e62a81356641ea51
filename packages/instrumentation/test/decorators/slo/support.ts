/** Reads the objectives out of a scrape. */
import { linesOf } from '../../support/scrape.js';

type Inject = Parameters<typeof linesOf>[0];

/** Every `slo` with its good and bad calls, such as `OrderController: 2 good, 1 bad`. */
export async function eventsOf(app: Inject): Promise<string[]> {
  return describeEvents(await linesOf(app, 'slo_events_total'));
}

/** The same of the lines of `slo_events_total`. */
export function describeEvents(lines: readonly string[]): string[] {
  const counts = new Map<string, string[]>();
  for (const line of lines) {
    const [, slo = '', outcome = '', count = ''] = /\{slo="([^"]+)",outcome="(\w+)"\} (\d+)$/.exec(line) ?? [];
    counts.set(slo, [...(counts.get(slo) ?? []), `${count} ${outcome}`]);
  }
  return [...counts].map(([slo, outcomes]) => `${slo}: ${outcomes.join(', ')}`);
}
