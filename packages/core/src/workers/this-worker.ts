/** This process as a worker: its connection to the primary, and its end. */
import cluster from 'node:cluster';
import { isApplicationError } from '../errors/application-error.js';
import { thrownMessage, thrownStack } from '../errors/thrown.js';
import { type AskOptions, ChannelHandlers, Correspondent } from './channels.js';
import { TaskDuties } from './elected-tasks.js';
import { takeIdentity, type WorkerIdentity } from './identity.js';
import { leaveLastWordsFolder, writeLastWords } from './last-words.js';
import { FAILURE, REPORTS, STOPS, type StartFailure, type StopWish, SYNCS, type WorkerReport } from './own-channels.js';
import type { WorkerLink } from './worker-link.js';

// A terminal, systemd and others send them to all processes of a group. The primary passes on what they mean.
const GROUP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

const SYNC_LIMIT_MS = 5000;

/** This process, if a primary made it as its worker. */
export class ThisWorker implements WorkerLink {
  /** Whether this worker runs the scheduled tasks. */
  readonly tasks: TaskDuties;
  readonly #identity: WorkerIdentity;
  readonly #handlers: ChannelHandlers<undefined>;
  readonly #primary: Correspondent<undefined>;
  readonly #lastWords = new Map<string, () => Uint8Array | undefined>();
  readonly #stopListeners: ((wish: StopWish) => void)[] = [];
  #stopWish: StopWish | undefined;
  #failure: StartFailure | undefined;
  #starting = 0;
  #open = 0;
  /** Whether the primary has ended before this worker left it. */
  #isOrphan = false;

  constructor(identity: WorkerIdentity) {
    this.#identity = identity;
    this.#handlers = new ChannelHandlers((error, channel) => {
      process.stderr.write(`error in a listener of the channel ${channel}: ${thrownStack(error) ?? thrownMessage(error)}\n`);
    });
    this.#primary = new Correspondent({
      to: 'The primary',
      sender: () => undefined,
      handlers: this.#handlers,
      // Without a callback, a closed channel would be an error event of the process.
      send: (packet) => process.send?.(packet, undefined, undefined, () => undefined),
    });
    for (const signal of GROUP_SIGNALS) process.on(signal, () => undefined);
    this.tasks = new TaskDuties(this);
    this.onTold(STOPS, (wish) => this.#wishStop(wish as StopWish));
    process.on('message', (packet) => this.#primary.receive(packet));
    process.on('uncaughtExceptionMonitor', (error: unknown) => {
      const text = thrownStack(error) ?? thrownMessage(error);
      const isMistake = isApplicationError(error);
      this.#failure ??= { text: isMistake ? `error ${error.code}: ${error.message}` : text, isMistake };
    });
    process.once('exit', () => this.#exit());
    cluster.worker?.once('disconnect', () => {
      this.#isOrphan = cluster.worker?.exitedAfterDisconnect !== true;
      // Otherwise, Node.js would exit at once.
      if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
      this.#primary.end();
      if (this.#isOrphan) this.#wishStop({ reason: 'the primary process has ended', isReplaced: false, isOrphaned: true });
    });
  }

  get worker(): number {
    return this.#identity.worker;
  }

  get incarnation(): number {
    return this.#identity.incarnation;
  }

  tell(channel: string, message: unknown): void {
    this.#primary.tell(channel, message);
  }

  ask(channel: string, message: unknown, options: AskOptions): Promise<unknown> {
    return this.#primary.ask(channel, message, options);
  }

  onTold(channel: string, listener: (message: unknown) => void): void {
    this.#handlers.onTold(channel, listener);
  }

  onAsked(channel: string, handler: (message: unknown) => unknown): void {
    this.#handlers.onAsked(channel, handler);
  }

  lastWords(channel: string, write: () => Uint8Array | undefined): void {
    this.#lastWords.set(channel, write);
  }

  /** An application of this process is about to start. */
  begins(): void {
    this.#starting += 1;
    this.#open += 1;
  }

  /** It listens. The worker is ready when all its applications do. */
  listens(stopLimitMs: number): void {
    this.#starting -= 1;
    if (this.#starting === 0) this.#report({ is: 'ready', stopLimitMs });
  }

  /**
   * Resolves when all connections have arrived that the primary handed to this worker before it knew that the worker does not listen any more. Of a
   * worker that exited earlier, the primary would keep the connection, and the client would wait forever.
   */
  async connectionsArrived(): Promise<void> {
    // The primary answers in order. If it does not answer at all, the drain has its own limit.
    await this.ask(SYNCS, undefined, { timeoutMs: SYNC_LIMIT_MS }).catch(() => undefined);
  }

  /** It could not start: the primary shows why. Without a primary, this process does. */
  failed(failure: StartFailure): void {
    this.#failure = failure;
    if (this.#isOrphan) process.stderr.write(`${failure.text}\n`);
  }

  /** It has stopped. When all have, the connection to the primary no longer keeps this process alive. */
  stopped(wasAsked: boolean): void {
    this.#open -= 1;
    // If it has not listened, its start has failed, and the process exits.
    if (this.#open > 0 || this.#starting > 0) return;
    if (!wasAsked) this.#report({ is: 'closed' });
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
    if (process.connected) process.disconnect();
  }

  /** Calls back when the primary asks this worker to stop, or has ended; at once if it has done so already. */
  onStopWish(listener: (wish: StopWish) => void): void {
    this.#stopListeners.push(listener);
    if (this.#stopWish !== undefined) listener(this.#stopWish);
  }

  #wishStop(wish: StopWish): void {
    this.#stopWish ??= wish;
    for (const listener of this.#stopListeners) listener(wish);
  }

  #report(report: WorkerReport): void {
    this.tell(REPORTS, report);
  }

  #exit(): void {
    const { lastWords: file, folder } = this.#identity;
    if (this.#isOrphan) leaveLastWordsFolder(file, folder);
    else writeLastWords(file, this.#allLastWords());
  }

  #allLastWords(): ReadonlyMap<string, Uint8Array> {
    const words = new Map<string, Uint8Array>();
    if (this.#failure !== undefined) words.set(FAILURE, Buffer.from(JSON.stringify(this.#failure)));
    for (const [channel, write] of this.#lastWords) {
      try {
        const written = write();
        if (written !== undefined) words.set(channel, written);
      } catch (error) {
        process.stderr.write(`error in the last words of the channel ${channel}: ${thrownStack(error) ?? thrownMessage(error)}\n`);
      }
    }
    return words;
  }
}

let current: ThisWorker | undefined;

/** This process as a worker; undefined if it is not one. */
export function thisWorker(): ThisWorker | undefined {
  if (current === undefined) {
    const identity = takeIdentity();
    if (identity !== undefined) current = new ThisWorker(identity);
  }
  return current;
}
