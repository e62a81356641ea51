/** The errors of health checks and their endpoints. */

import type { Configuration } from '../configuration/configuration.js';
import { invalidConfigurationValue } from '../configuration/errors.js';
import { decoratorCompiledAsStandard, isStandardContext } from '../decorators/errors.js';
import { ApplicationError } from '../errors/application-error.js';
import { nearest } from '../errors/nearest.js';
import { describeReceived } from '../errors/received.js';

/** `@HealthCheck` is not on a method of a component. */
export function healthCheckMisplaced(target: object, member: string | symbol): ApplicationError {
  if (isStandardContext(member)) return decoratorCompiledAsStandard('@HealthCheck', member);
  const name = typeof target === 'function' ? target.name : target.constructor.name;
  return new ApplicationError(
    'TSK_ERR_DECORATOR_PLACE',
    `@HealthCheck is on ${name}.${String(member)}. Put it on an instance method with a plain name.`,
  );
}

/** The name of a check is not allowed. */
export function healthCheckName(where: string, value: unknown): ApplicationError {
  const received = value === 'application' ? '"application", which stands for the application itself' : describeReceived(value);
  return new ApplicationError(
    'TSK_ERR_HEALTH_NAME',
    `The name of the health check ${where} is ${received}. Write a text of 1 to 200 characters, such as "database".`,
  );
}

/** An option of a check has a value that is not allowed. */
export function healthCheckOption(found: { where: string; key: string; value: unknown; allowed: string }): ApplicationError {
  const { where, key, value, allowed } = found;
  return new ApplicationError(
    'TSK_ERR_HEALTH_OPTION',
    `${key} of the health check ${where} is ${describeReceived(value, { isPlain: true })}. Allowed: ${allowed}.`,
  );
}

/** A check has no such option. */
export function healthCheckOptionUnknown({
  where,
  key,
  known,
}: {
  where: string;
  key: string;
  known: readonly string[];
}): ApplicationError {
  const guess = nearest(key, known);
  const advice = guess === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${guess}?`;
  return new ApplicationError('TSK_ERR_HEALTH_OPTION', `The health check ${where} has no option ${key}. ${advice}`);
}

/** Two checks have one name. */
export function healthCheckDuplicate(name: string, places: readonly string[]): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HEALTH_DUPLICATE',
    `Two health checks are called ${name}: ${places.join(' and ')}. Give one of them another name: @HealthCheck({ name: '...' }).`,
  );
}

/** `@HealthCheck` is on a request-scoped component. */
export function healthCheckRequestScope(where: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HEALTH_SCOPE',
    `${where} is a health check, but its class has request scope, and a result is shared by many requests. ` +
      'Move the method to a component of singleton or transient scope.',
  );
}

/** A check has parameters that nobody passes. */
export function healthCheckParameters(where: string, count: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HEALTH_PARAMETERS',
    `${where} is a health check, but has ${count} parameters. It gets one object, { signal }. Inject the rest into the constructor.`,
  );
}

/** A check was added to an application that has started. */
export function healthCheckLate(name: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HEALTH_LATE',
    `The health check ${name} was added after the application had started. Add it in a step of an extension or in an @OnStart() method.`,
  );
}

/** The application has a route at the path of a health endpoint. */
export function healthPathTaken({ key, path, method }: { key: string; path: string; method: string }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HEALTH_PATH_TAKEN',
    `The application has a route ${method} ${path}, and its health is served there (${key}). Move one of the two: set ${key} to another path, or set health.enabled to false and answer probes yourself.`,
  );
}

/** The endpoints are on the port of the metrics, and nothing serves metrics. */
export function healthUnclaimed(configuration: Configuration): ApplicationError {
  return invalidConfigurationValue({
    key: 'health.port',
    value: 'metrics',
    shown: true,
    source: configuration.placeOf('health.port'),
    allowed: 'metrics only where metrics.port is set and the application serves metrics; otherwise application',
    fix: 'Set metrics.port and put @Instrumented() above the application class, or remove health.port.',
  });
}
