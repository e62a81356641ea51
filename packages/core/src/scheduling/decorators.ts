/** The decorator that runs a component's method on a schedule. */
import { requireCall, requireOptions } from '../decorators/decorator-use.js';
import type { TaskRun } from './fleet/lease-store.js';
import { declareSchedule, type ScheduleOptions } from './schedule-metadata.js';

/** A decorator of a method without parameters; with `once: 'fleet'`, the method gets the run. */
export type ScheduledDecorator = <T extends (run: TaskRun) => unknown>(
  target: object,
  method: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * Runs a component's method on a schedule, from when the application listens until it closes.
 *
 * Runs of a task never overlap. If a run fails, the error is logged and the schedule continues. Several `@Scheduled` on one method need
 * names. The options are checked at start, with errors `TSK_ERR_SCHEDULING_*`.
 */
export function Scheduled(options: ScheduleOptions): ScheduledDecorator;
export function Scheduled(...given: readonly [ScheduleOptions, ...unknown[]]): ScheduledDecorator {
  requireCall('@Scheduled', given);
  const [options] = given;
  requireOptions('@Scheduled', options, "Write @Scheduled({ fixedRate: 10_000 }) or @Scheduled({ cron: '0 * * * *' }).");
  return (target, method) => declareSchedule(target, method, options);
}
