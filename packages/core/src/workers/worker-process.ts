/** One worker, as the primary sees it, from its start to its end. */
import cluster, { type Worker } from 'node:cluster';
import { join } from 'node:path';
import { type ChannelHandlers, Correspondent } from './channels.js';
import { environmentOf } from './identity.js';
import { takeLastWords } from './last-words.js';
import { REPORTS, STOPS, type StopWish, SYNCS, type WorkerReport } from './own-channels.js';
import type { WorkerEnd, WorkerState } from './worker-processes.js';

/** What a worker is started with. */
export interface WorkerProcessParts {
  readonly worker: number;
  readonly incarnation: number;
  readonly restarts: number;
  /** The folder for last words. */
  readonly folder: string;
  readonly handlers: ChannelHandlers<WorkerState>;
  /** How long its stop takes at most, until it says so itself, in milliseconds. */
  readonly stopLimitMs: number;
  /** How long its start takes at most, until it listens, in milliseconds. */
  readonly startLimitMs: number;
  onReady(process: WorkerProcess): void;
  onEnded(process: WorkerProcess, end: WorkerEnd): void;
}

/** A worker. It is started by the constructor. */
export class WorkerProcess {
  readonly correspondent: Correspondent<WorkerState>;
  readonly startedMs = performance.now();
  /** Resolves to true when it listens, or to false if it ends before. */
  readonly ready: Promise<boolean>;
  /** Resolves when it has ended and all its messages have arrived. */
  readonly ended: Promise<WorkerEnd>;
  readonly #parts: WorkerProcessParts;
  readonly #worker: Worker;
  readonly #lastWords: string;
  #resolveReady: (ready: boolean) => void = () => undefined;
  #state: WorkerState['state'] = 'starting';
  #wasReady = false;
  #closedItself = false;
  #stopLimitMs: number;
  #kill: NodeJS.Timeout | undefined;
  readonly #startLimit: NodeJS.Timeout;
  #startedLate = false;

  constructor(parts: WorkerProcessParts) {
    this.#parts = parts;
    this.#stopLimitMs = parts.stopLimitMs;
    this.#startLimit = setTimeout(() => this.#killLate(), parts.startLimitMs);
    const { worker, incarnation, folder } = parts;
    this.#lastWords = join(folder, `${incarnation}`);
    // Messages may have maps and typed arrays.
    cluster.setupPrimary({ serialization: 'advanced' });
    this.#worker = cluster.fork(environmentOf({ worker, incarnation, folder, lastWords: this.#lastWords }));
    this.correspondent = new Correspondent({
      to: `Worker ${worker}`,
      sender: () => this.state,
      handlers: parts.handlers,
      send: (packet) => this.#worker.process.send?.(packet, undefined, undefined, () => undefined),
    });
    this.#worker.on('message', (packet: unknown) => this.correspondent.receive(packet));
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.ended = this.#awaitEnd();
  }

  get state(): WorkerState {
    const { worker, incarnation, restarts } = this.#parts;
    return { worker, incarnation, pid: this.#worker.process.pid, state: this.#state, restarts };
  }

  /** Whether it has ever listened. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  /** The limit for its start, in milliseconds, if it was killed because of it. */
  get exceededStartLimitMs(): number | undefined {
    return this.#startedLate ? this.#parts.startLimitMs : undefined;
  }

  /** Whether its program closed the application, so that it ends because it has nothing to do. */
  get closedItself(): boolean {
    return this.#closedItself;
  }

  report(report: WorkerReport): void {
    clearTimeout(this.#startLimit);
    if (report.is === 'closed') {
      this.#closedItself = true;
      this.#state = 'draining';
      return;
    }
    this.#stopLimitMs = report.stopLimitMs;
    this.#wasReady = true;
    this.#resolveReady(true);
    if (this.#state === 'starting') {
      this.#state = 'ready';
      this.#parts.onReady(this);
    } else this.#limitStop(); // it was asked to stop in the meantime
  }

  /**
   * Asks it to stop, and kills it if it does not within its own limit. A worker that is starting first completes its start. One that was replaced
   * before hurries if all are to stop.
   */
  stop(wish: StopWish): void {
    if (this.#state === 'ready') this.#limitStop();
    this.#state = 'draining';
    this.correspondent.tell(STOPS, wish);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #killLate(): void {
    this.#startedLate = true;
    this.kill();
  }

  #limitStop(): void {
    this.#kill = setTimeout(() => this.kill(), this.#stopLimitMs);
  }

  async #awaitEnd(): Promise<WorkerEnd> {
    const { code, signal } = await exitOf(this.#worker);
    clearTimeout(this.#kill);
    clearTimeout(this.#startLimit);
    this.#resolveReady(false);
    this.correspondent.end();
    const end = { code, signal, lastWords: takeLastWords(this.#lastWords) };
    this.#parts.onEnded(this, end);
    return end;
  }
}

/** Lets workers report to their processes. */
export function listenForReports(
  handlers: ChannelHandlers<WorkerState>,
  processOf: (incarnation: number) => WorkerProcess | undefined,
): void {
  handlers.onAsked(SYNCS, () => undefined);
  handlers.onTold(REPORTS, (report, { incarnation }) => processOf(incarnation)?.report(report as WorkerReport));
}

// The exit can be known before the last messages have been read, which come before the end of the channel.
async function exitOf(worker: Worker): Promise<Pick<WorkerEnd, 'code' | 'signal'>> {
  const disconnected = new Promise<void>((resolve) => worker.once('disconnect', resolve));
  const exited = new Promise<Pick<WorkerEnd, 'code' | 'signal'>>((resolve) => {
    worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) => resolve({ code, signal }));
    // It could not be started at all.
    worker.on('error', () => {
      if (worker.process.pid === undefined) resolve({ code: 1, signal: null });
    });
  });
  const end = await exited;
  if (worker.isConnected()) await disconnected;
  return end;
}
