/** One client's HTTP/1 connection: what is open on it ends with it. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpAccounting, OpenRequest } from './accounting.js';
import { sentStatus } from './sent-status.js';

/** A response that knows its open request. */
export type AccountedResponse = ServerResponse & { [key: symbol]: OpenRequest | undefined };

const NOBODY: readonly OpenRequest[] = [];

/**
 * The requests of one connection. Node closes only the response that is being written when a connection goes: those that were pipelined behind
 * it never hear of it, so the connection has to tell them.
 */
export class Connection {
  #last: OpenRequest | undefined = undefined;
  #lastResponse: ServerResponse | undefined = undefined;
  /** Those before the last that are still open: only where the client pipelines. */
  #earlier: Set<OpenRequest> | undefined = undefined;
  #isMalformed = false;

  constructor(
    private readonly accounting: HttpAccounting,
    socket: Socket,
  ) {
    socket.once('close', () => this.#close());
  }

  begin(response: AccountedResponse): void {
    const request = this.accounting.begin(response.req.method);
    response[this.accounting.requestKey] = request;
    const last = this.#last;
    if (last !== undefined && !last.ended) this.#keep(last);
    this.#last = request;
    this.#lastResponse = response;
  }

  /** A response is finished. What is no longer needed is let go: connections may be idle for long. */
  finish(response: AccountedResponse): void {
    const request = response[this.accounting.requestKey];
    if (request === undefined) return;
    this.accounting.finish(request, sentStatus(response));
    if (request !== this.#last || !response.req.complete) return;
    this.#last = undefined;
    this.#lastResponse = undefined;
    this.#forgetEnded();
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

  #keep(request: OpenRequest): void {
    this.#forgetEnded();
    this.#earlier ??= new Set();
    this.#earlier.add(request);
  }

  // They end in the order in which they came.
  #forgetEnded(): void {
    for (const earlier of this.#earlier ?? NOBODY) {
      if (!earlier.ended) return;
      this.#earlier?.delete(earlier);
    }
  }

  #close(): void {
    for (const earlier of this.#earlier ?? NOBODY) this.accounting.abort(earlier);
    if (this.#last !== undefined) this.accounting.abort(this.#last);
  }
}

/** The connection that a socket is; made for its first request. */
export function connectionOf(socket: Socket, accounting: HttpAccounting): Connection {
  const known = (socket as Socket & { readonly [key: symbol]: Connection | undefined })[accounting.connectionKey];
  if (known !== undefined) return known;
  const connection = new Connection(accounting, socket);
  Object.defineProperty(socket, accounting.connectionKey, { value: connection });
  return connection;
}
