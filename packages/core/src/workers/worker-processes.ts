/** The workers of an application, as the extensions in the primary see them. */
import type { FastifyBaseLogger } from 'fastify';
import type { Class } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { AskOptions } from './channels.js';
import type { LastWords } from './last-words.js';

/** A worker, as it was when the primary looked. */
export interface WorkerState {
  /** The slot, from 1 to the number of workers. During a rolling restart, two workers can have the same. */
  readonly worker: number;
  /** A number that no other process of this application has or had; later processes have greater ones. */
  readonly incarnation: number;
  readonly pid: number | undefined;
  /** `ready` from when it listens; `draining` from when it was asked to stop. */
  readonly state: 'starting' | 'ready' | 'draining';
  /** How often a worker of this slot was started again because one had ended by itself. */
  readonly restarts: number;
}

/** How a worker ended. */
export interface WorkerEnd {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it; null if it exited. */
  readonly signal: NodeJS.Signals | null;
  /** What the worker wrote while it exited, by channel; empty if it was killed. */
  readonly lastWords: LastWords;
}

/** What a worker is asked. */
export interface Question extends AskOptions {
  readonly channel: string;
  readonly message?: unknown;
}

/** The workers of an application. Messages are cloned like those of `structuredClone`; a message that nobody listens for is dropped. */
export interface WorkerProcesses {
  /** The number of workers that the application should have. */
  readonly count: number;
  /** The workers that exist now. */
  all(): readonly WorkerState[];
  /** Sends a message to a worker: in a rolling restart, to the newest one of the slot that is ready. It is dropped if there is none. */
  tell(worker: number, channel: string, message: unknown): void;
  /**
   * Asks a worker, in a rolling restart the newest one of the slot that is ready.
   * @throws TSK_ERR_WORKER_TIMEOUT, TSK_ERR_WORKER_ENDED, TSK_ERR_WORKER_HANDLER
   */
  ask(worker: number, question: Question): Promise<unknown>;
  /** Like `tell`, for one process: also the old one of a rolling restart. */
  tellProcess(incarnation: number, channel: string, message: unknown): void;
  /** Like `ask`, for one process: also the old one of a rolling restart. */
  askProcess(incarnation: number, question: Question): Promise<unknown>;
  /** Calls back for each message of a worker. */
  onTold(channel: string, listener: (message: unknown, worker: WorkerState) => void): void;
  /**
   * Answers what workers ask.
   * @throws TSK_ERR_WORKER_CHANNEL if the channel has a handler already
   */
  onAsked(channel: string, handler: (message: unknown, worker: WorkerState) => unknown): void;
  /** Calls back when a worker was started. */
  onStarted(listener: (worker: WorkerState) => void): void;
  /** Calls back when a worker listens. */
  onReady(listener: (worker: WorkerState) => void): void;
  /** Calls back when a worker has ended and all its messages have arrived. */
  onEnded(listener: (worker: WorkerState, end: WorkerEnd) => void): void;
}

/** The primary process of an application with several workers, as its extensions see it. It has no container and no server. */
export interface PrimaryHost {
  /** The name of the application. */
  readonly name: string;
  readonly applicationClass: Class;
  readonly configuration: Configuration;
  readonly logger: FastifyBaseLogger;
  readonly workers: WorkerProcesses;
  /** Calls back, and awaits it, when all workers have ended; the last one registered first. */
  onStop(stop: () => void | Promise<void>): void;
}
