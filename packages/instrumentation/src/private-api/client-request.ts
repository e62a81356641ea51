/**
 * What is used of `http.ClientRequest` that Node.js does not document.
 *
 * `test/private-api/client-request.test.ts` shows what broke if a release of Node.js changes it. Callers work without the parts that are missing.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Whether the program itself has closed the connection of a request that fails: Node then says "socket hang up", as it does if the server hangs up,
 * but the request was destroyed before.
 */
export function isHungUpHere(request: ClientRequest, error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return request.destroyed && code === 'ECONNRESET' && message === 'socket hang up';
}

/** The status of a response that has upgraded the connection, of which Node publishes nothing. */
export function upgradeStatusOf(request: ClientRequest): number | undefined {
  const { res } = request as { readonly res?: IncomingMessage | null };
  return res?.statusCode ?? undefined;
}

/** Whether the server has closed the connection of a response that is not complete. */
export function isCutByServer({ socket }: ClientRequest, response: IncomingMessage): boolean {
  return !response.complete && socket?.readableEnded === true;
}

/** The `Host` header of a request, also if its headers were passed as a list, which can't be asked for one. */
export function hostHeaderOf(request: ClientRequest): string | undefined {
  const header = request.getHeader('host');
  if (typeof header === 'string') return header;
  const { _header: head } = request as { readonly _header?: unknown };
  return typeof head === 'string' ? /\r\nhost: *([^\r]+)/i.exec(head)?.[1] : undefined;
}
