/** Makes an application listen, and turns failures into errors with a fix. */
import type { FastifyInstance } from 'fastify';
import { hostUnavailable, type ListenAddress, portForbidden, portInUse } from './errors.js';

const ERRORS: Readonly<Record<string, (address: ListenAddress, cause: unknown) => Error>> = {
  EADDRINUSE: portInUse,
  EACCES: portForbidden,
  EADDRNOTAVAIL: hostUnavailable,
  ENOTFOUND: hostUnavailable,
  EAI_AGAIN: hostUnavailable,
};

/**
 * Listens on the address.
 * @returns the URL of the server
 * @throws TSK_ERR_WEB_PORT_IN_USE, TSK_ERR_WEB_PORT_FORBIDDEN, TSK_ERR_WEB_HOST
 */
export async function listenOn(fastify: FastifyInstance, { host, port }: ListenAddress, name: string): Promise<string> {
  try {
    return await fastify.listen({ host, port, listenTextResolver: (address) => `${name} listens on ${address}` });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw ERRORS[code]?.({ host, port }, error) ?? error;
  }
}
