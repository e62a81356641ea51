/** Computes rows with rates per second from two readings. */
import type { Counts, Reading } from './reading.js';

/** One route or method. */
export interface Row {
  readonly name: string;
  /** Since the application started. */
  readonly total: number;
  readonly errors: number;
  /** Null while there is no earlier reading to compare with. */
  readonly ratePerSecond: number | null;
  readonly errorsPerSecond: number | null;
  /** Since the application started; null if nothing has been recorded yet. */
  readonly p95Ms: number | null;
}

/** The rows of a table, as the application lists them. Undefined is what it does not measure. */
export interface Rows {
  readonly routes: readonly Row[] | undefined;
  readonly methods: readonly Row[] | undefined;
  /** The time that the rates are of; null without an earlier reading. */
  readonly elapsedSeconds: number | null;
}

type Increase = (now: number, before: number | undefined) => number | null;

const NONE: ReadonlyMap<string, Counts> = new Map();

/** The rows of `now`, with rates since `before`. */
export function rowsOf(now: Reading, before?: Reading): Rows {
  const elapsedSeconds = elapsedOf(now, before);
  const startedAnew = before !== undefined && hasStartedAnew(now, before);
  const perSecond: Increase = (count, earlier) =>
    elapsedSeconds === null ? null : Math.max(0, count - (startedAnew ? 0 : (earlier ?? 0))) / elapsedSeconds;
  return {
    routes: now.routes && rowsOfKind(now.routes, before?.routes ?? NONE, perSecond),
    methods: now.methods && rowsOfKind(now.methods, before?.methods ?? NONE, perSecond),
    elapsedSeconds,
  };
}

function rowsOfKind(now: ReadonlyMap<string, Counts>, before: ReadonlyMap<string, Counts>, perSecond: Increase): readonly Row[] {
  return [...now].map(([name, { total, errors, p95Ms }]) => {
    const earlier = before.get(name);
    return {
      name,
      total,
      errors,
      ratePerSecond: perSecond(total, earlier?.total),
      errorsPerSecond: perSecond(errors, earlier?.errors),
      p95Ms,
    };
  });
}

// If the clock stood still or was set back, there is no elapsed time.
function elapsedOf(now: Reading, before: Reading | undefined): number | null {
  const elapsedMs = before === undefined ? 0 : now.atMs - before.atMs;
  return elapsedMs > 0 ? elapsedMs / 1000 : null;
}

/** Whether the application was restarted: a counter only falls if all counters began at zero again. */
function hasStartedAnew(now: Reading, before: Reading): boolean {
  if ((now.uptimeSeconds ?? 0) < (before.uptimeSeconds ?? 0)) return true;
  return hasFallen(now.routes, before.routes) || hasFallen(now.methods, before.methods);
}

function hasFallen(now: ReadonlyMap<string, Counts> = NONE, before: ReadonlyMap<string, Counts> = NONE): boolean {
  return [...before].some(([name, earlier]) => {
    const later = now.get(name);
    return (later?.total ?? 0) < earlier.total || (later?.errors ?? 0) < earlier.errors;
  });
}
