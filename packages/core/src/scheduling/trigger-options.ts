/** Creates a trigger from the options of `@Scheduled`, and rejects invalid options. */
import { Cron } from 'croner';
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';
import { scheduleCron, scheduleCronNever, scheduleInitialDelay, scheduleInterval, scheduleTimeZone, scheduleTrigger } from './errors.js';
import type { ScheduleOptions } from './schedule-metadata.js';
import { cronTrigger, fixedDelayTrigger, fixedRateTrigger, type Trigger } from './trigger.js';

const KINDS = ['fixedRate', 'fixedDelay', 'cron'] as const;

/**
 * Returns the trigger that the options describe.
 *
 * @param where `OrderService.reconcile`, for errors.
 * @throws TSK_ERR_SCHEDULING_TRIGGER, _INTERVAL, _INITIAL_DELAY, _CRON and _TIME_ZONE.
 */
export function triggerOf(options: ScheduleOptions, where: string): Trigger {
  const given = KINDS.filter((kind) => options[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) throw scheduleTrigger(where, given);
  if (options.timeZone !== undefined && kind !== 'cron') throw scheduleTimeZone(where, options.timeZone, 'it has no effect without cron');
  if (kind === 'cron') return cronOf(options, where);
  const intervalMs = checkedInterval(options[kind], `${kind} of ${where}`);
  const initialDelayMs = checkedInitialDelay(options.initialDelay, where);
  return kind === 'fixedRate' ? fixedRateTrigger(intervalMs, initialDelayMs) : fixedDelayTrigger(intervalMs, initialDelayMs);
}

function checkedInterval(value: unknown, what: string): number {
  if (typeof value !== 'number' || !(value >= 1 && value <= LONGEST_TIMEOUT_MS)) throw scheduleInterval(what, value, LONGEST_TIMEOUT_MS);
  return value;
}

function checkedInitialDelay(value: unknown, where: string): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && value >= 0 && value <= LONGEST_TIMEOUT_MS) return value;
  throw scheduleInitialDelay(where, value, `Set milliseconds from 0 to ${LONGEST_TIMEOUT_MS}.`);
}

function cronOf({ cron = '', timeZone, initialDelay }: ScheduleOptions, where: string): Trigger {
  if (initialDelay !== undefined)
    throw scheduleInitialDelay(where, initialDelay, 'Remove it: the cron expression sets the time of the first run.');
  checkTimeZone(timeZone, where);
  const times = parseCron(cron, timeZone, where);
  if (times.nextRun(new Date()) === null) throw scheduleCronNever(where, cron);
  return cronTrigger(`cron "${cron}"${timeZone === undefined ? '' : ` (${timeZone})`}`, times);
}

function parseCron(cron: string, timeZone: string | undefined, where: string): Cron {
  try {
    // Croner would accept a date instead of an expression, and run once.
    if (typeof cron !== 'string' || /^\s*\d{4}-/.test(cron)) throw new TypeError('it is not a cron expression');
    return new Cron(cron, { paused: true, ...(timeZone !== undefined && { timezone: timeZone }) });
  } catch (cause) {
    throw scheduleCron(where, cron, cause);
  }
}

function checkTimeZone(timeZone: string | undefined, where: string): void {
  if (timeZone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw scheduleTimeZone(where, timeZone, 'it is not a time zone');
  }
}
