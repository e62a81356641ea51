/** Finds what somebody may have meant. */
import { distance } from 'fastest-levenshtein';

/** The candidate most like a text, if it is like it at all: within a third of its length, and at least two letters. */
export function nearest(text: string, candidates: Iterable<string>, limit = Math.max(2, Math.floor(text.length / 3))): string | undefined {
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(text.toLowerCase(), candidate.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { candidate, edits };
  }
  return best?.candidate;
}
