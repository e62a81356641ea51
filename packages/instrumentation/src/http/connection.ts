/** Tracks the requests of an HTTP/1 connection, which end with it. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpAccounting, OpenRequest } from './accounting.js';
import { sentStatus } from './sent-status.js';

/**
 * The requests of one connection. When a connection is closed, Node only closes the response that is being written, not those of pipelined requests
 * behind it, so these are ended here.
 */
export class Connection {
  #last: OpenRequest | undefined = undefined;
  #lastResponse: ServerResponse | undefined = undefined;
  /** Open requests before the last one, in order of arrival. There are only some if the client pipelines. */
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

  /** Returns the open request of a response; undefined if it is not open. */
  requestOf(response: ServerResponse): OpenRequest | undefined {
    return response === this.#lastResponse ? this.#last : this.#earlier.get(response);
  }

  /** Called when a response is finished. Drops references, because connections may be idle for a long time. */
  finish(response: ServerResponse): void {
    const request = this.requestOf(response);
    if (request === undefined) return;
    this.accounting.finish(request, sentStatus(response));
    if (request !== this.#last) this.#earlier.delete(response);
    else if (response.req.complete) this.#release();
  }

  /**
   * Called when the client sent something that can't be parsed, or stopped halfway, and gets `status`. Outside a request, this counts as a request. In the
   * body of a request, it ends that request with `bodyStatus`, unless its response has begun. After that, nothing more is counted on the connection.
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

/** Returns the connection of a socket, and creates it for the first request. */
export function connectionOf(socket: Socket, accounting: HttpAccounting): Connection {
  const known = (socket as AccountedSocket)[accounting.connectionKey];
  if (known !== undefined) return known;
  const connection = new Connection(accounting, socket);
  Object.defineProperty(socket, accounting.connectionKey, { value: connection });
  return connection;
}

/** Returns the open request of a response on a counted connection. */
export function requestOf(response: ServerResponse, accounting: HttpAccounting): OpenRequest | undefined {
  return (response.req.socket as AccountedSocket | undefined)?.[accounting.connectionKey]?.requestOf(response);
}
