/** What somebody who wrote an unknown name may have meant. */
import { closest } from 'fastest-levenshtein';

/** `"httpP95Seconds", or another of httpFailureRatio, ...`: what an error says is allowed. */
export function nearestOf(name: unknown, known: readonly string[]): string {
  return `${JSON.stringify(closest(String(name), known))}, the nearest, or one of ${known.join(', ')},`;
}
