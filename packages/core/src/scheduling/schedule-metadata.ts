/** Stores the options of `@Scheduled`, and applies inheritance. */
import { rememberDecorated } from '../components/decorated-members.js';
import type { Class } from '../components/definition.js';
import { isMethod } from '../decorators/decorator-use.js';
import { scheduledMisplaced } from './errors.js';

/** The schedule of a method. Set exactly one of `fixedRate`, `fixedDelay` and `cron`. */
export interface ScheduleOptions {
  /** Time between the starts of two runs, in milliseconds, at least 1. */
  readonly fixedRate?: number;
  /** Time from the end of a run to the start of the next one, in milliseconds, at least 1. */
  readonly fixedDelay?: number;
  /** A cron expression with five fields, or six with seconds in front, or a macro such as `@hourly`. */
  readonly cron?: string;
  /**
   * The IANA time zone of `cron`, such as `Europe/Berlin`.
   * @default the time zone of the process
   */
  readonly timeZone?: string;
  /**
   * Time from start to the first run of `fixedRate` or `fixedDelay`, in milliseconds, at least 0.
   * @default 0
   */
  readonly initialDelay?: number;
  /**
   * The task's name in metrics and errors.
   * @default '<Component>.<method>'
   */
  readonly name?: string;
  /**
   * Whether each worker runs the task (`server.workers`), instead of one worker for the whole application.
   * @default false
   */
  readonly perWorker?: boolean;
  /**
   * `fleet`: the task runs in one instance of all that share a lease store, such as Redis. The method gets a `TaskRun`.
   * @default every instance runs the task
   */
  readonly once?: 'fleet';
  /**
   * How long an instance may be silent before another one takes over a task with `once: 'fleet'`, in milliseconds, 300 to 86400000.
   * @default 30000
   */
  readonly leaseMs?: number;
}

/** One `@Scheduled` on one method. */
export interface ScheduleDeclaration {
  readonly method: string;
  readonly options: ScheduleOptions;
}

const declarations = new WeakMap<object, ScheduleDeclaration[]>();

/** Stores a schedule. Decorators run from the last to the first, so each one is inserted before the others of its method. */
export function declareSchedule(prototype: object, method: string | symbol, options: ScheduleOptions): void {
  if (typeof prototype === 'function' || typeof method !== 'string' || !isMethod(prototype, method))
    throw scheduledMisplaced(prototype, method);
  rememberDecorated(prototype);
  const own = declarations.get(prototype) ?? [];
  declarations.set(prototype, own);
  const position = own.findIndex((declaration) => declaration.method === method);
  own.splice(position === -1 ? own.length : position, 0, { method, options });
}

/**
 * Returns the schedules of a class, those of base classes first. The schedules of an overriding method replace those of the overridden one.
 * @param until a base class; its schedules and those of its own base classes are left out.
 */
export function schedulesOf(type: Class, until?: Class): readonly ScheduleDeclaration[] {
  if (type === until) return [];
  const inherited: object | null = Object.getPrototypeOf(type.prototype);
  const base = inherited === null || inherited === Object.prototype ? [] : schedulesOf(inherited.constructor as Class, until);
  const own = declarations.get(type.prototype) ?? [];
  const redeclared = new Set(own.map(({ method }) => method));
  return [...base.filter(({ method }) => !redeclared.has(method)), ...own];
}
