/** The status that an error is answered with. */

/**
 * The `statusCode` from 400 to 599 that an error has, as an `HttpError` and the errors of Fastify and its plugins do; 500 for everything else that is thrown.
 *
 * What answers requests asks it, and so can whoever wants to know whose fault a failure is: below 500 it is the client's.
 */
export function errorStatus(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
}
