/** What is left of two processes' times and exemplars. */
import type { Exemplar } from '../exemplar.js';

/** When the first of two began to count. */
export function earlier(createdSeconds: number, other: number | undefined): number {
  return Math.min(createdSeconds, other ?? createdSeconds);
}

/** The exemplar that was recorded last. */
export function newer(exemplar: Exemplar | undefined, other: Exemplar | undefined): Exemplar | undefined {
  if (exemplar === undefined || other === undefined) return exemplar ?? other;
  return other.timestampSeconds > exemplar.timestampSeconds ? other : exemplar;
}
