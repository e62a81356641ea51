/** The primary: starts the workers of an application, replaces those that end, and stops and restarts them on request. */
import type { FastifyBaseLogger } from 'fastify';
import { loggableThrown } from '../errors/thrown.js';
import { ChannelHandlers } from './channels.js';
import { TaskElection } from './election.js';
import { processEnded } from './errors.js';
import { makeLastWordsFolder, removeLastWordsFolder } from './last-words.js';
import { CRASH_LOOP_LENGTH, RestartPolicy, type Slot } from './restart-policy.js';
import { RollingRestart } from './rolling-restart.js';
import { failureOf, type WorkerFailure, type WorkersFailure } from './worker-failure.js';
import { listenForReports, WorkerProcess } from './worker-process.js';
import type { Question, WorkerEnd, WorkerProcesses, WorkerState } from './worker-processes.js';

/** What a primary is made of. */
export interface PrimaryParts {
  readonly name: string;
  readonly logger: FastifyBaseLogger;
  /** The number of workers. */
  readonly count: number;
  /** How long the stop of a worker takes at most if it has not said so itself, in milliseconds. */
  readonly stopLimitMs: number;
  /** How long the start of a worker takes at most, in milliseconds. */
  readonly startLimitMs: number;
}

/** The workers of an application. */
export class Primary implements WorkerProcesses {
  readonly #parts: PrimaryParts;
  readonly #handlers: ChannelHandlers<WorkerState>;
  readonly #folder = makeLastWordsFolder();
  readonly #slots: readonly Slot[];
  readonly #rolling: RollingRestart;
  /** By incarnation, so the oldest first. */
  readonly #processes = new Map<number, WorkerProcess>();
  readonly #started: ((worker: WorkerState) => void)[] = [];
  readonly #ready: ((worker: WorkerState) => void)[] = [];
  readonly #ended: ((worker: WorkerState, end: WorkerEnd) => void)[] = [];
  readonly #failed = settleable<WorkersFailure>();
  readonly #allEnded = settleable<undefined>();
  #lastIncarnation = 0;
  #endedUnready = 0;
  #wasEverReady = false;
  #stopping = false;
  #endedInOrder = true;

  constructor(parts: PrimaryParts) {
    this.#parts = parts;
    this.#handlers = new ChannelHandlers((error, channel) => this.#logFailure(error, `a listener of the channel ${channel}`));
    listenForReports(this.#handlers, (incarnation) => this.#processes.get(incarnation));
    this.#slots = Array.from({ length: parts.count }, (_, index) => ({
      worker: index + 1,
      policy: new RestartPolicy(),
      restarts: 0,
      timer: undefined,
    }));
    this.#rolling = new RollingRestart({
      name: parts.name,
      logger: parts.logger,
      slots: this.#slots,
      isStopping: () => this.#stopping,
      inSlot: (worker) => this.#inSlot(worker),
      start: (slot) => this.#start(slot),
    });
    new TaskElection(this);
    process.once('exit', () => this.#exit());
  }

  get count(): number {
    return this.#parts.count;
  }

  /** Whether each worker that was asked to stop ended with exit code 0. */
  get endedInOrder(): boolean {
    return this.#endedInOrder;
  }

  /** Starts the workers. @returns a promise that resolves when all have ended and none is to be started again, or with the reason why they can't run */
  run(): Promise<WorkersFailure | undefined> {
    for (const slot of this.#slots) this.#start(slot);
    return Promise.race([this.#failed.promise, this.#allEnded.promise]);
  }

  /** Asks all workers to stop, and waits until they have ended. */
  async stop(reason: string): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      for (const slot of this.#slots) {
        clearTimeout(slot.timer);
        slot.timer = undefined;
      }
      for (const process of this.#processes.values()) process.stop({ reason, isReplaced: false });
      this.#settle();
    }
    await this.#allEnded.promise;
  }

  /** Replaces all workers, one after the other. */
  roll(reason: string): Promise<void> {
    return this.#rolling.roll(reason);
  }

  all(): readonly WorkerState[] {
    return [...this.#processes.values()].map(({ state }) => state);
  }

  tell(worker: number, channel: string, message: unknown): void {
    this.#newest(worker)?.correspondent.tell(channel, message);
  }

  async ask(worker: number, { channel, message, timeoutMs }: Question): Promise<unknown> {
    const process = this.#newest(worker);
    if (process === undefined) throw processEnded(`Worker ${worker}`, channel);
    return await process.correspondent.ask(channel, message, { timeoutMs });
  }

  tellProcess(incarnation: number, channel: string, message: unknown): void {
    this.#processes.get(incarnation)?.correspondent.tell(channel, message);
  }

  async askProcess(incarnation: number, { channel, message, timeoutMs }: Question): Promise<unknown> {
    const process = this.#processes.get(incarnation);
    if (process === undefined) throw processEnded(`The worker of incarnation ${incarnation}`, channel);
    return await process.correspondent.ask(channel, message, { timeoutMs });
  }

  onTold(channel: string, listener: (message: unknown, worker: WorkerState) => void): void {
    this.#handlers.onTold(channel, listener);
  }

  onAsked(channel: string, handler: (message: unknown, worker: WorkerState) => unknown): void {
    this.#handlers.onAsked(channel, handler);
  }

  onStarted(listener: (worker: WorkerState) => void): void {
    this.#started.push(listener);
  }

  onReady(listener: (worker: WorkerState) => void): void {
    this.#ready.push(listener);
  }

  onEnded(listener: (worker: WorkerState, end: WorkerEnd) => void): void {
    this.#ended.push(listener);
  }

  #start({ worker, restarts }: Slot): WorkerProcess {
    this.#lastIncarnation += 1;
    const process = new WorkerProcess({
      worker,
      incarnation: this.#lastIncarnation,
      restarts,
      folder: this.#folder,
      handlers: this.#handlers,
      stopLimitMs: this.#parts.stopLimitMs,
      startLimitMs: this.#parts.startLimitMs,
      onReady: (ready) => this.#onReady(ready),
      onEnded: (ended, end) => this.#onEnded(ended, end),
    });
    this.#processes.set(this.#lastIncarnation, process);
    this.#call(this.#started, (listener) => listener(process.state));
    return process;
  }

  #onReady({ state }: WorkerProcess): void {
    this.#endedUnready = 0;
    this.#wasEverReady = true;
    this.#parts.logger.debug({ worker: state.worker, workerPid: state.pid }, `worker ${state.worker} is ready`);
    this.#call(this.#ready, (listener) => listener(state));
  }

  #onEnded(process: WorkerProcess, end: WorkerEnd): void {
    const { state } = process;
    this.#processes.delete(state.incarnation);
    this.#call(this.#ended, (listener) => listener(state, end));
    if (state.state === 'draining') this.#endedInOrder &&= end.code === 0;
    else if (!this.#stopping) this.#replace(process, end);
    this.#settle();
  }

  #replace(process: WorkerProcess, end: WorkerEnd): void {
    const { state, wasReady } = process;
    const slot = this.#slots[state.worker - 1];
    if (slot === undefined) return;
    const failure = failureOf(end, process.exceededStartLimitMs);
    if (this.#isFilled(process, failure)) return;
    if (!wasReady) this.#endedUnready += 1;
    const isLoop = this.#endedUnready >= CRASH_LOOP_LENGTH;
    if (isLoop || (failure.isMistake && !this.#wasEverReady)) {
      this.#failed.resolve({ ...failure, isLoop });
      return;
    }
    const delayMs = slot.policy.delayAfter(performance.now() - process.startedMs);
    const before = wasReady ? '' : ' before it was ready';
    const message = `worker ${state.worker} ended${before} (${failure.how}); another one starts ${delayMs === 0 ? 'now' : `in ${delayMs} ms`}`;
    this.#parts.logger.error({ worker: state.worker, workerPid: state.pid, ...(failure.text && { cause: failure.text }) }, message);
    slot.timer = setTimeout(() => {
      slot.timer = undefined;
      slot.restarts += 1;
      this.#start(slot);
    }, delayMs);
  }

  /** Whether a rolling restart leaves another worker in the slot of one that ended. */
  #isFilled({ state }: WorkerProcess, { how, text }: WorkerFailure): boolean {
    const others = this.#inSlot(state.worker).filter((other) => other.state.state !== 'draining');
    if (this.#rolling.isCandidate(state.incarnation)) {
      const message = `the new worker ${state.worker} ended before it was ready (${how}): the rolling restart ends here, and the workers that run stay`;
      this.#parts.logger.error({ worker: state.worker, workerPid: state.pid, ...(text && { cause: text }) }, message);
    }
    return others.length > 0;
  }

  #settle(): void {
    const isWaiting = this.#slots.some(({ timer }) => timer !== undefined);
    if (this.#processes.size === 0 && !isWaiting) this.#allEnded.resolve(undefined);
  }

  #inSlot(worker: number): readonly WorkerProcess[] {
    return [...this.#processes.values()].filter(({ state }) => state.worker === worker);
  }

  #newest(worker: number): WorkerProcess | undefined {
    const own = this.#inSlot(worker);
    return own.findLast(({ state }) => state.state === 'ready') ?? own.at(-1);
  }

  #call<L>(listeners: readonly L[], call: (listener: L) => void): void {
    for (const listener of listeners) {
      try {
        call(listener);
      } catch (error) {
        this.#logFailure(error, 'a listener');
      }
    }
  }

  #logFailure(error: unknown, what: string): void {
    this.#parts.logger.error({ err: loggableThrown(error) }, `${what} of the primary failed`);
  }

  // A second signal ends the primary at once, and so the workers.
  #exit(): void {
    if (this.#stopping) for (const process of this.#processes.values()) process.kill();
    removeLastWordsFolder(this.#folder);
  }
}

function settleable<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: (value) => resolve(value) };
}
