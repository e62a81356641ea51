/** The connection of a worker to its primary, as extensions see it. */
import type { AskOptions } from './channels.js';

/**
 * The connection of a worker to the primary. A channel is a name; use one with the name of your package: `@tsukimi/instrumentation:totals`.
 * Messages are cloned like those of `structuredClone`. A message that nobody listens for is dropped.
 */
export interface WorkerLink {
  /** The slot of this worker, from 1 to the number of workers. The worker that replaces it has the same. */
  readonly worker: number;
  /** A number that no other process of this application has or had; later processes have greater ones. */
  readonly incarnation: number;
  /** Sends a message to the primary. It may be lost if one of the two ends. */
  tell(channel: string, message: unknown): void;
  /**
   * Asks the primary.
   * @throws TSK_ERR_WORKER_TIMEOUT, TSK_ERR_WORKER_ENDED, TSK_ERR_WORKER_HANDLER
   */
  ask(channel: string, message: unknown, options: AskOptions): Promise<unknown>;
  /** Calls back for each message of the primary. */
  onTold(channel: string, listener: (message: unknown) => void): void;
  /**
   * Answers what the primary asks. What the handler throws reaches the primary as `TSK_ERR_WORKER_HANDLER`.
   * @throws TSK_ERR_WORKER_CHANNEL if the channel has a handler already
   */
  onAsked(channel: string, handler: (message: unknown) => unknown): void;
  /**
   * Calls `write` while the process exits, also after an uncaught exception, but not if it is killed. What `write` returns is written to a file
   * synchronously, and the primary has it when it calls the listeners of `onEnded`.
   */
  lastWords(channel: string, write: () => Uint8Array | undefined): void;
}
