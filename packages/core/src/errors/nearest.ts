/** Finds the most similar of several names. */
import { distance } from 'fastest-levenshtein';

/** Returns the candidate most similar to a text, if at most a third of its length differs (two characters are always allowed); otherwise undefined. */
export function nearest(text: string, candidates: Iterable<string>, limit = Math.max(2, Math.floor(text.length / 3))): string | undefined {
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(text.toLowerCase(), candidate.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { candidate, edits };
  }
  return best?.candidate;
}
