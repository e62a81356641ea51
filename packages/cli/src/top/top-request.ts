/** What `tsukimi top` was asked for. */
import type { MetricsAddress } from './address.js';
import type { Choice } from './sections.js';

export interface TopRequest {
  readonly address: MetricsAddress;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly choice: Choice;
}
