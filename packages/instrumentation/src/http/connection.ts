/** One client's HTTP/1 connection: what is open on it ends with it. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpAccounting, OpenRequest } from './accounting.js';
import { sentStatus } from './sent-status.js';

/**
 * The requests of one connection. Node closes only the response that is being written when a connection goes: those that were pipelined behind
 * it never hear of it, so the connection has to tell them.
 */
export class Connection {
  #last: OpenRequest | undefined = undefined;
  #lastResponse: ServerResponse | undefined = undefined;
  /** Those before the last that are still open, in the order in which they came and end: only where the client pipelines. */
  readonly #earlier = new Map<ServerResponse, OpenRequest>();
  #isMalformed = false;

  constructor(
    private readonly accounting: HttpAccounting,
    socket: Socket,
  ) {
    socket.once('close', () => this.#close());
  }

  begin(response: ServerResponse): void {
    if (this.#last !== undefined && this.#lastResponse !== undefined && !this.#last.ended)
      this.#earlier.set(this.#lastResponse, this.#last);
    this.#last = this.accounting.begin(response.req.method, response);
    this.#lastResponse = response;
  }

  /** The request that a response is for, if it is open. */
  requestOf(response: ServerResponse): OpenRequest | undefined {
    return response === this.#lastResponse ? this.#last : this.#earlier.get(response);
  }

  /** A response is finished. What is no longer needed is let go: connections may be idle for long. */
  finish(response: ServerResponse): void {
    const request = this.requestOf(response);
    if (request === undefined) return;
    this.accounting.finish(request, sentStatus(response));
    if (request !== this.#last) this.#earlier.delete(response);
    else if (response.req.complete) this.#release();
  }

  /**
   * The client sent what can't be parsed, or stopped halfway, and is answered with `status`. Outside of a request it is one of its own; in the body of
   * one it is how that one ends, with `bodyStatus`, unless its answer is on its way already. After that the connection has nothing more to tell.
   */
  malformed(status: number, bodyStatus: number): void {
    if (this.#isMalformed) return;
    this.#isMalformed = true;
    const response = this.#lastResponse;
    if (response === undefined || response.req.complete) this.accounting.countMalformed(status);
    else if (this.#last !== undefined && !response.headersSent) this.#last.abortStatus = bodyStatus;
  }

  #release(): void {
    this.#last = undefined;
    this.#lastResponse = undefined;
  }

  #close(): void {
    for (const earlier of this.#earlier.values()) this.accounting.abort(earlier);
    if (this.#last !== undefined) this.accounting.abort(this.#last);
  }
}

type AccountedSocket = Socket & { readonly [key: symbol]: Connection | undefined };

/** The connection that a socket is; made for its first request. */
export function connectionOf(socket: Socket, accounting: HttpAccounting): Connection {
  const known = (socket as AccountedSocket)[accounting.connectionKey];
  if (known !== undefined) return known;
  const connection = new Connection(accounting, socket);
  Object.defineProperty(socket, accounting.connectionKey, { value: connection });
  return connection;
}

/** The open request of a response on a connection that is counted. */
export function requestOf(response: ServerResponse, accounting: HttpAccounting): OpenRequest | undefined {
  return (response.req.socket as AccountedSocket | undefined)?.[accounting.connectionKey]?.requestOf(response);
}
