/** Whether this worker runs the scheduled tasks of the application: the primary says so. */
import { TASKS } from './own-channels.js';
import type { WorkerLink } from './worker-link.js';

/** A run of a task, in milliseconds of the wall clock. */
interface Run {
  readonly startedMs: number;
  readonly endedMs?: number;
}

/** What the worker that ran the tasks before has left. */
export interface TasksElected {
  readonly ceasedMs: number | undefined;
  readonly firstMs: number | undefined;
  readonly lastRuns: ReadonlyMap<string, Run>;
}

/** What the elected worker tells the primary. */
export type TaskMessage =
  | { readonly is: 'ran'; readonly task: string; readonly run: Run }
  | { readonly is: 'resigned'; readonly ceasedMs: number };

/** The tasks of one application in this worker. */
export interface ElectedTasks {
  onElected(start: (left: TasksElected) => void): void;
  ran(task: string, run: Run): void;
  resign(ceasedMs: number): void;
}

/** The duty of this worker, for all its applications. */
export class TaskDuties {
  readonly #link: WorkerLink;
  readonly #starts: ((left: TasksElected) => void)[] = [];
  #left: TasksElected | undefined;
  #open = 0;

  constructor(link: WorkerLink) {
    this.#link = link;
    link.onTold(TASKS, (left) => {
      this.#left = left as TasksElected;
      for (const start of this.#starts) start(this.#left);
    });
  }

  /** The duty of one application. When all applications have resigned, the worker does. */
  join(): ElectedTasks {
    this.#open += 1;
    return {
      onElected: (start) => {
        this.#starts.push(start);
        if (this.#left !== undefined) start(this.#left);
      },
      ran: (task, run) => this.#tell({ is: 'ran', task, run }),
      resign: (ceasedMs) => {
        this.#open -= 1;
        if (this.#open === 0) this.#tell({ is: 'resigned', ceasedMs });
      },
    };
  }

  #tell(message: TaskMessage): void {
    this.#link.tell(TASKS, message);
  }
}
