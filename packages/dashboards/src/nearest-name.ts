/** Suggests a known name for an unknown one. */
import { closest } from 'fastest-levenshtein';

/** Returns the allowed names for an error: `"httpP95Seconds", or another of httpFailureRatio, ...`. */
export function nearestOf(name: unknown, known: readonly string[]): string {
  return `${JSON.stringify(closest(String(name), known))}, the nearest, or one of ${known.join(', ')},`;
}
