/** What `@Scheduled` said of a class's methods, and how subclasses inherit it. */

import type { Class } from '../components/definition.js';
import { isMethod } from '../decorators/decorator-use.js';
import { scheduledMisplaced } from './errors.js';

/** When a method runs: exactly one of `fixedRate`, `fixedDelay` and `cron`. */
export interface ScheduleOptions {
  /** Milliseconds from one run's start to the next one's, at least 1. */
  readonly fixedRate?: number;
  /** Milliseconds from one run's end to the next one's start, at least 1. */
  readonly fixedDelay?: number;
  /** A cron expression of five fields, of six with seconds in front, or a macro such as `@hourly`. */
  readonly cron?: string;
  /** The IANA time zone of `cron`, such as `Europe/Berlin`; the process's own unless given. */
  readonly timeZone?: string;
  /** Milliseconds from start to the first run of `fixedRate` or `fixedDelay`; 0, at once, unless given. */
  readonly initialDelay?: number;
  /** The task's name in metrics and errors; `<Component>.<method>` unless given. */
  readonly name?: string;
}

/** One `@Scheduled` on one method. */
export interface ScheduleDeclaration {
  readonly method: string;
  readonly options: ScheduleOptions;
}

const declarations = new WeakMap<object, ScheduleDeclaration[]>();

/** Remembers a schedule; decorators run from the last to the first, so each one goes in front of its method's others. */
export function declareSchedule(prototype: object, method: string | symbol, options: ScheduleOptions): void {
  if (typeof prototype === 'function' || typeof method !== 'string' || !isMethod(prototype, method))
    throw scheduledMisplaced(prototype, method);
  const own = declarations.get(prototype) ?? [];
  declarations.set(prototype, own);
  const position = own.findIndex((declaration) => declaration.method === method);
  own.splice(position === -1 ? own.length : position, 0, { method, options });
}

/**
 * The schedules of a class, its base classes' first; what a subclass says of a method replaces what its base said.
 * @param until a base class whose schedules, and those of its own bases, are left out.
 */
export function schedulesOf(type: Class, until?: Class): readonly ScheduleDeclaration[] {
  if (type === until) return [];
  const inherited: object | null = Object.getPrototypeOf(type.prototype);
  const base = inherited === null || inherited === Object.prototype ? [] : schedulesOf(inherited.constructor as Class, until);
  const own = declarations.get(type.prototype) ?? [];
  const redeclared = new Set(own.map(({ method }) => method));
  return [...base.filter(({ method }) => !redeclared.has(method)), ...own];
}
