/** The errors of the server and its requests. Those of declaring routes are in route-errors.ts. */
import { isIP } from 'node:net';
import { ApplicationError } from '../errors/application-error.js';
import { nearest } from '../errors/nearest.js';
import { describeReceived } from '../errors/received.js';
import { messageOf } from '../errors/wording.js';

/** The address that an application was to listen on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The `code` in the response to an invalid request. */
export const REQUEST_INVALID = 'TSK_ERR_WEB_REQUEST_INVALID';

/** The status of an `HttpError` or of `@ResponseStatus` is not an error status. */
export function errorStatusInvalid(written: string): ApplicationError {
  return new ApplicationError('TSK_ERR_WEB_ERROR_STATUS', `${written} is not an error status. Use an integer from 400 to 599.`);
}

/** A route method threw a value that is not an error. */
export function threwNoError(where: string, thrown: unknown): ApplicationError {
  const what = typeof thrown === 'string' ? JSON.stringify(thrown) : describeThrown(thrown);
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_THREW',
    `${where} threw ${what}, which is not an Error. Throw an Error, or an HttpError.`,
    {
      cause: thrown,
    },
  );
}

/** An option that Fastify does not have, and would ignore. */
export function fastifyOptionUnknown(option: string, known: readonly string[]): ApplicationError {
  const guess = nearest(option, known);
  const advice = guess === undefined ? "See Fastify's reference of its server options" : `Did you mean ${guess}?`;
  return new ApplicationError(
    'TSK_ERR_WEB_FASTIFY_OPTION',
    `server.fastify has ${option}, which is no option of Fastify's constructor. ${advice}${advice.endsWith('?') ? '' : '.'}`,
  );
}

/** A Fastify option has a value of the wrong type, which Fastify might only notice at the first request. */
export function fastifyOptionOfWrongKind(option: string, value: unknown, allowed: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_FASTIFY_OPTION',
    `server.fastify.${option} is ${describeReceived(value, { key: option })}. Allowed: ${allowed}. Leave it out for Fastify's default.`,
  );
}

/** A Fastify option is rejected by Fastify or by Node's server. */
export function fastifyOptionRefused(option: string, value: unknown, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_FASTIFY_OPTION',
    `server.fastify.${option} is ${describeReceived(value, { key: option })}, which Fastify refuses: ${messageOf(cause)}. Give it what Fastify's reference allows, or leave it out.`,
    { cause },
  );
}

/** A Fastify option is set by the framework itself. */
export function fastifyOptionOwned(option: string, instead: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_FASTIFY_OPTION',
    `server.fastify has ${option}, which the framework sets itself. Use ${instead}.`,
  );
}

/** The port is in use. */
export function portInUse(address: ListenAddress, cause: unknown): ApplicationError {
  const { host, port } = address;
  return new ApplicationError(
    'TSK_ERR_WEB_PORT_IN_USE',
    `Port ${port} on ${host} is in use by another program. Stop it (find it with: lsof -i :${port}), or set server.port or TSUKIMI_SERVER_PORT to another port.`,
    { cause },
  );
}

/** The process is not allowed to use the port. */
export function portForbidden(address: ListenAddress, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_PORT_FORBIDDEN',
    `Port ${address.port} on ${address.host} is not allowed for this user. Set server.port or TSUKIMI_SERVER_PORT to 1024 or higher.`,
    { cause },
  );
}

/** The host is not an address of this machine. */
export function hostUnavailable(address: ListenAddress, cause: unknown): ApplicationError {
  const isAddress = isIP(address.host) !== 0;
  // Text that is not an address could be a secret, and the cause quotes it.
  return new ApplicationError(
    'TSK_ERR_WEB_HOST',
    `${isAddress ? address.host : `The server.host (${describeReceived(address.host)})`} is not an address of this machine. Set server.host or TSUKIMI_SERVER_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine.`,
    isAddress ? { cause } : undefined,
  );
}

// Objects without a prototype, or with a `toString` that throws, have no text.
function describeThrown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `something of type ${typeof thrown}`;
  }
}
