/** Elects the worker that runs the scheduled tasks of the application, in the primary. */
import type { TaskMessage, TasksElected } from './elected-tasks.js';
import { TASKS } from './own-channels.js';
import type { WorkerProcesses, WorkerState } from './worker-processes.js';

/** One worker at a time runs the tasks. Another one is elected when it has resigned, with its last run ended, or is dead. */
export class TaskElection {
  readonly #workers: WorkerProcesses;
  readonly #lastRuns: Map<string, { startedMs: number; endedMs?: number }> = new Map();
  #elected: number | undefined;
  #ceasedMs: number | undefined;
  #firstMs: number | undefined;

  constructor(workers: WorkerProcesses) {
    this.#workers = workers;
    workers.onReady(() => this.#elect());
    workers.onEnded(({ incarnation }) => this.#end(incarnation, Date.now()));
    workers.onTold(TASKS, (message, worker) => this.#hear(message as TaskMessage, worker));
  }

  #hear(message: TaskMessage, { incarnation }: WorkerState): void {
    if (message.is === 'ran') this.#lastRuns.set(message.task, message.run);
    else this.#end(incarnation, message.ceasedMs);
  }

  #end(incarnation: number, ceasedMs: number): void {
    if (this.#elected !== incarnation) return;
    this.#elected = undefined;
    this.#ceasedMs = ceasedMs;
    this.#elect();
  }

  #elect(): void {
    if (this.#elected !== undefined) return;
    // The newest one, because a rolling restart replaces the older ones soon.
    const next = this.#workers.all().findLast(({ state }) => state === 'ready');
    if (next === undefined) return;
    this.#elected = next.incarnation;
    const message: TasksElected = { ceasedMs: this.#ceasedMs, firstMs: this.#firstMs, lastRuns: this.#lastRuns };
    this.#firstMs ??= Date.now();
    this.#workers.tellProcess(next.incarnation, TASKS, message);
  }
}
