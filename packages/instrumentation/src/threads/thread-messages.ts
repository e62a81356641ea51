/** What worker threads and the main thread say to each other. */
import type { RegistryChanges } from '@tsukimi/metrics';

/** The name of the channel. It reaches all threads of the process, and no other process. */
export const THREADS = '@tsukimi/instrumentation:threads';

/** A thread sends all that was not confirmed, the oldest first: what comes twice counts once. */
export interface ThreadChanges {
  readonly is: 'changes';
  readonly thread: number;
  readonly changes: readonly RegistryChanges[];
  /** Whether the thread ends. */
  readonly isLast: boolean;
}

/** The main thread has what a thread has sent, up to a number. */
export interface ThreadConfirmation {
  readonly is: 'confirmation';
  readonly thread: number;
  readonly confirmed: number;
}

export type ThreadMessage = ThreadChanges | ThreadConfirmation;

// Other versions of this package may use the channel too.
export function isChanges(message: unknown): message is ThreadChanges {
  return (message as ThreadMessage | undefined)?.is === 'changes';
}

export function isConfirmation(message: unknown): message is ThreadConfirmation {
  return (message as ThreadMessage | undefined)?.is === 'confirmation';
}
