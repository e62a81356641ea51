/** Which of several processes runs the tasks that are to run once for the application. */

/** A run of a task, in milliseconds of the wall clock. */
export interface PastRun {
  /** When it began; with a cron expression, not before the time it was due. */
  readonly startedMs: number;
  /** When it ended; undefined if it has not, or was cut off with its process. */
  readonly endedMs?: number;
}

/** What the process that ran the tasks before has left. */
export interface Handover {
  /** When that process stopped running tasks, in milliseconds of the wall clock; undefined if there was none. */
  readonly ceasedMs: number | undefined;
  /** When the first process began to run tasks, in milliseconds of the wall clock; undefined if there was none. */
  readonly firstMs: number | undefined;
  /** The last run of each task, by name. */
  readonly lastRuns: ReadonlyMap<string, PastRun>;
}

/** The duty of a process to run the tasks of its application. */
export interface TaskDuty {
  /** Calls back when this process is to run the tasks, from now on. */
  onElected(start: (handover: Handover) => void): void;
  /** A run has begun, has ended or was skipped. */
  ran(task: string, run: PastRun): void;
  /** This process runs no more tasks, and its last run has ended. */
  resign(ceasedMs: number): void;
}

/** What happened to a task in another process, as ages in milliseconds, so that any clock can use them. */
export interface Earlier {
  /** How long ago the other process stopped running tasks; undefined if there was none. */
  readonly ceasedAgoMs: number | undefined;
  /** How long ago the first process began to run tasks; undefined if there was none. */
  readonly firstAgoMs: number | undefined;
  readonly startedAgoMs: number | undefined;
  readonly endedAgoMs: number | undefined;
}

/** The ages of one task's past, as of now. */
export function earlierOf(task: string, { ceasedMs, firstMs, lastRuns }: Handover): Earlier {
  const run = lastRuns.get(task);
  const ago = (timeMs: number | undefined): number | undefined => (timeMs === undefined ? undefined : Math.max(0, Date.now() - timeMs));
  return { ceasedAgoMs: ago(ceasedMs), firstAgoMs: ago(firstMs), startedAgoMs: ago(run?.startedMs), endedAgoMs: ago(run?.endedMs) };
}
