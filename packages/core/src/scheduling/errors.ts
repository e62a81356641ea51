/** The errors of schedules and of their tasks. */

import { decoratorCompiledAsStandard, isStandardContext } from '../decorators/errors.js';
import { ApplicationError } from '../errors/application-error.js';
import { describeReceived } from '../errors/received.js';
import { messageOf } from '../errors/wording.js';

/** `@Scheduled` is not on a method of a component. */
export function scheduledMisplaced(target: object, member: string | symbol): ApplicationError {
  if (isStandardContext(member)) return decoratorCompiledAsStandard('@Scheduled', member);
  const name = typeof target === 'function' ? target.name : target.constructor.name;
  return new ApplicationError(
    'TSK_ERR_DECORATOR_PLACE',
    `@Scheduled is on ${name}.${String(member)}. Put it on an instance method with a plain name.`,
  );
}

/** A schedule has no trigger or more than one. */
export function scheduleTrigger(where: string, given: readonly string[]): ApplicationError {
  const received = given.length === 0 ? 'none of fixedRate, fixedDelay and cron' : given.join(' and ');
  return new ApplicationError('TSK_ERR_SCHEDULING_TRIGGER', `@Scheduled on ${where} has ${received}. Set exactly one of them.`);
}

/** The interval of a schedule is invalid. */
export function scheduleInterval(what: string, value: unknown, maxMs: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_INTERVAL',
    `${what} is ${describeReceived(value, { isPlain: true })}. Set milliseconds from 1 to ${maxMs}, or use cron for longer times.`,
  );
}

/** The initial delay of a schedule is invalid, or has no effect. */
export function scheduleInitialDelay(where: string, value: unknown, fix: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_INITIAL_DELAY',
    `initialDelay of ${where} is ${describeReceived(value, { isPlain: true })}. ${fix}`,
  );
}

/** A schedule's cron expression cannot be read. */
export function scheduleCron(where: string, cron: unknown, cause: unknown): ApplicationError {
  // The parser's message and the cause quote parts of the expression.
  const isCron = isCronText(cron);
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_CRON',
    `cron of ${where} is ${describeCron(cron)}: ${isCron ? messageOf(cause) : 'it is not a cron expression'}. ` +
      'Write five fields, six fields with seconds first, or a macro, such as "0 30 6 * * *" or "@hourly".',
    isCron ? { cause } : undefined,
  );
}

// Only digits, signs and the names of months and days, so it can't be a secret.
const CRON = /^[\d\s*/,?+#LW-]*(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[\d\s*/,?+#LW-]*)*$/i;

function isCronText(cron: unknown): cron is string {
  return typeof cron === 'string' && CRON.test(cron);
}

function describeCron(cron: unknown): string {
  return isCronText(cron) ? JSON.stringify(cron) : describeReceived(cron, { isPlain: true });
}

/** The cron expression of a schedule never matches. */
export function scheduleCronNever(where: string, cron: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_CRON',
    `cron of ${where} is ${describeCron(cron)}, which never occurs. Use an expression that does.`,
  );
}

/** The time zone of a schedule is unknown, or has no effect. */
export function scheduleTimeZone(where: string, timeZone: unknown, why: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_TIME_ZONE',
    `timeZone of ${where} is ${describeReceived(timeZone)}: ${why}. Set the name of a time zone, such as Europe/Berlin, together with cron.`,
  );
}

/** Whether each worker runs a task is not said by true or false. */
export function schedulePerWorker(where: string, value: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_PER_WORKER',
    `perWorker of ${where} is ${describeReceived(value, { isPlain: true })}. Set true, or leave it out.`,
  );
}

/** `@Scheduled` is on a request-scoped component. */
export function scheduledRequestScope(where: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_SCOPE',
    `${where} is scheduled, but its class has request scope, and scheduled runs have no request. ` +
      'Move the method to a component of singleton or transient scope.',
  );
}

/** A scheduled method has parameters. */
export function scheduledParameters(where: string, count: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_PARAMETERS',
    `${where} is scheduled, but has ${count} parameter${count === 1 ? '' : 's'}, and scheduled methods get no arguments. ` +
      'Inject what it needs into the constructor.',
  );
}

/** `once` or `leaseMs` of a schedule is invalid. */
export function scheduleOnce({
  where,
  key,
  value,
  allowed,
}: {
  where: string;
  key: string;
  value: unknown;
  allowed: string;
}): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_ONCE',
    `${key} of ${where} is ${describeReceived(value, { isPlain: true })}. Allowed: ${allowed}.`,
  );
}

/** A task runs once in a fleet, and nothing keeps its lease. */
export function leaseStoreMissing(task: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_LEASE_STORE',
    `Task ${task} has once: 'fleet', and the application has no store for its lease. ` +
      'Add one extension: redisLeases() of @tsukimi/redis, or postgresLeases() of @tsukimi/postgres.',
  );
}

/** Two extensions bring a store for leases. */
export function leaseStoreTwice(first: string, second: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_LEASE_STORE',
    `The application has two stores for leases, ${first} and ${second}. Instances must agree on one: remove the other extension.`,
  );
}

/** A task was to be run by hand, and another instance holds its lease. */
export function leaseElsewhere(name: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_ELSEWHERE',
    `Task ${name} can't run here, because another instance holds its lease, or the lease store can't be reached. Run it in the instance that holds the lease.`,
  );
}

/** Two tasks have one name. */
export function taskDuplicate(name: string, tasks: readonly { component: { name: string }; method: string }[]): ApplicationError {
  const places = tasks.map(({ component, method }) => `${component.name}.${method}`);
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_DUPLICATE',
    `Two tasks are called ${name}: ${places.join(' and ')}. Give one of them a name: @Scheduled({ ..., name: '...' }).`,
  );
}

/** There is no task of that name. */
export function taskUnknown(name: string, options: { known: readonly string[]; nearest: string | undefined }): ApplicationError {
  const { known, nearest } = options;
  const fix = nearest === undefined ? `There ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}.` : `Did you mean ${nearest}?`;
  return new ApplicationError('TSK_ERR_SCHEDULING_UNKNOWN_TASK', `There is no task called ${JSON.stringify(name)}. ${fix}`);
}

/** A task was to be run after the application has stopped. */
export function schedulerStopped(name: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULING_STOPPED',
    `Task ${name} can't run, because the application has stopped. Run it before you call close().`,
  );
}
