/** One profile at a time in each thread: two would measure each other, and V8 samples the heap only once. */
import { setTimeout as delay } from 'node:timers/promises';
import { profileBusy } from './errors.js';
import { openSession, type Session } from './thread-inspector.js';

let running: string | undefined;

/** Describes the profile that is being taken in this thread; undefined if there is none. */
export function runningProfile(): string | undefined {
  return running;
}

interface Turn {
  /** `a CPU profile of 10 s` */
  readonly what: string;
  /** `127.0.0.1` */
  readonly requestedBy: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Takes a profile in a session of its own.
 * @throws TSK_ERR_PROFILE_BUSY, TSK_ERR_PROFILE_DEBUGGER, TSK_ERR_PROFILE_UNAVAILABLE
 */
export async function withTurn<T>({ what, requestedBy, signal }: Turn, take: (session: Session) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  if (running !== undefined) throw profileBusy(running);
  running = `${what} for ${requestedBy}, since ${new Date().toISOString()}`;
  try {
    const session = await openSession();
    try {
      return await take(session);
    } finally {
      session.disconnect();
    }
  } finally {
    running = undefined;
  }
}

/** Waits. @throws the signal's reason, if it is aborted */
export async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
