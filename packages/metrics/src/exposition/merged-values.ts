/** Merges the times and exemplars of two processes. */
import type { Exemplar } from '../exemplar.js';

/** Returns the earlier of two creation times. */
export function earlier(createdSeconds: number, other: number | undefined): number {
  return Math.min(createdSeconds, other ?? createdSeconds);
}

/** Returns the newer of two exemplars. */
export function newer(exemplar: Exemplar | undefined, other: Exemplar | undefined): Exemplar | undefined {
  if (exemplar === undefined || other === undefined) return exemplar ?? other;
  return other.timestampSeconds > exemplar.timestampSeconds ? other : exemplar;
}
