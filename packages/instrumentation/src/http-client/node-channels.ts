/** Follows the requests of `node:http` and `node:https` by Node's diagnostics channels. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { hiddenMark } from '../hidden-mark.js';
import { hostHeaderOf, isCutByServer, isHungUpHere, upgradeStatusOf } from '../private-api/client-request.js';
import { failureOf, type HttpFailure } from './failure.js';
import type { OpenRequest, OutgoingRequest, OutgoingRequests } from './outgoing-requests.js';
import { pathOf, proxiedTarget, targetOf } from './target.js';

interface Message {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  readonly error: unknown;
}

/** Not a `WeakMap`: what is known of a request refers to the request, and the collection of young garbage frees no such entry. */
const known = hiddenMark<FollowedRequest>();

/**
 * Begins to follow.
 * @returns a function that ends it
 */
export function followNodeHttp(requests: OutgoingRequests): () => void {
  const follow = (request: ClientRequest, elapsedSeconds: number | undefined): FollowedRequest | undefined => {
    // It opens a connection through a proxy. What is sent through that is a request of its own.
    if (request.method === 'CONNECT') return undefined;
    let followed = known.of(request);
    if (followed === undefined) {
      followed = new FollowedRequest(request, requests.begin(requestOf(request), { elapsedSeconds }));
      known.put(request, followed);
    }
    return followed;
  };
  const channels: Readonly<Record<string, (message: Message) => void>> = {
    // Node 22.12 and later. Older releases tell of a request when it has been written to a connection.
    'http.client.request.created': ({ request }) => follow(request, 0)?.addHeaders(),
    'http.client.request.start': ({ request }) => void follow(request, 0),
    // With older releases, requests can be answered and fail before that: then nobody has seen their beginning.
    'http.client.response.finish': ({ request, response }) => follow(request, undefined)?.answered(response),
    'http.client.request.error': ({ request, error }) => follow(request, undefined)?.failed(error),
  };
  const handlers = Object.entries(channels).map(([name, handler]) => [name, (message: unknown) => handler(message as Message)] as const);
  for (const [name, handler] of handlers) subscribe(name, handler);
  return () => {
    for (const [name, handler] of handlers) unsubscribe(name, handler);
  };
}

class FollowedRequest {
  readonly #request: ClientRequest;
  readonly #open: OpenRequest;
  #response: IncomingMessage | undefined;
  #hasTimedOut = false;

  constructor(request: ClientRequest, open: OpenRequest) {
    this.#request = request;
    this.#open = open;
    request.once('timeout', () => {
      this.#hasTimedOut = true;
    });
    request.once('close', () => this.#closed());
  }

  /** Adds the headers that the caller has not set, as long as none was sent. */
  addHeaders(): void {
    const request = this.#request;
    const { headers } = this.#open;
    if (headers === undefined || request.headersSent) return;
    for (const [name, value] of Object.entries(headers)) {
      try {
        if (!request.hasHeader(name)) request.setHeader(name, value);
      } catch {
        // Node refuses the value: the request is sent without it.
      }
    }
  }

  answered(response: IncomingMessage): void {
    this.#response = response;
    this.#open.answered(response.statusCode ?? 0);
    response.once('end', () => this.#open.ended());
  }

  failed(error: unknown): void {
    const failure = isHungUpHere(this.#request, error) ? 'aborted' : failureOf(error);
    this.#open.failed({ failure: this.#mayBeTimeout(failure), error });
  }

  /** The connection was released or lost, whether the response was read or not. */
  #closed(): void {
    const open = this.#open;
    const response = this.#response;
    if (response !== undefined && isCutByServer(this.#request, response)) {
      open.failed({ failure: 'reset', error: response.errored ?? undefined });
      return;
    }
    const upgradeStatus = response === undefined ? upgradeStatusOf(this.#request) : undefined;
    if (upgradeStatus !== undefined) open.answered(upgradeStatus);
    if (response?.complete === true || upgradeStatus !== undefined) open.ended();
    else open.failed({ failure: this.#mayBeTimeout('aborted'), error: undefined });
  }

  /** What a request is destroyed with after its time limit can be anything. */
  #mayBeTimeout(failure: HttpFailure): HttpFailure {
    return this.#hasTimedOut && (failure === 'aborted' || failure === 'other') ? 'timeout' : failure;
  }
}

function requestOf(request: ClientRequest): OutgoingRequest {
  const { method, path, protocol, host } = request;
  const target = proxiedTarget(path) ?? targetOf(`${protocol}//${authorityOf(host, hostHeaderOf(request))}`);
  return { kind: 'http', method, protocol: target.protocol, host: target.host, port: target.port, path: pathOf(path), target };
}

/** Node keeps the port in the header only, which may also name another host. */
function authorityOf(host: string, header: string | undefined): string {
  const own = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return header?.toLowerCase().startsWith(own.toLowerCase()) === true && /^(?::\d+)?$/.test(header.slice(own.length)) ? header : own;
}
