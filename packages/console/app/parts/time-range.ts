/** The time that charts show: what was asked for, but no longer than there is history, so that a new application fills its charts. */
import type { Span } from '../../src/api-types.js';
import { isFixed, type Range } from '../address/address.js';

const SHORTEST_SECONDS = 60;

export function chartSpan(range: Range, { span, now }: { readonly span: Span; readonly now: number }): Span {
  if (isFixed(range)) return range;
  return { from: Math.max(now - range.seconds, Math.min(span.from, now - SHORTEST_SECONDS)), to: now };
}
