/** Follows the requests of undici, which is also the `fetch` of Node.js, by its diagnostics channels. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { hiddenMark } from '../hidden-mark.js';
import { addMissingHeaders, isOfCollectedResponse, type UndiciRequest, whenUpgraded } from '../private-api/undici.js';
import { failureOf } from './failure.js';
import type { OpenRequest, OutgoingRequest, OutgoingRequests } from './outgoing-requests.js';
import { pathOf, proxiedTarget, targetOf } from './target.js';

interface Message {
  readonly request: UndiciRequest;
  readonly response: { readonly statusCode: number };
  readonly error: unknown;
}

const NOW = { elapsedSeconds: 0 };
const SWITCHING_PROTOCOLS = 101;
const FIRST_FINAL = 200;

/** Not a `WeakMap`, whose entries the collection of young garbage is slow to free. */
const open = hiddenMark<OpenRequest>();

/**
 * Begins to follow.
 * @returns a function that ends it
 */
export function followUndici(requests: OutgoingRequests): () => void {
  const channels: Readonly<Record<string, (message: Message) => void>> = {
    'undici:request:create': ({ request }) => {
      // It opens a connection through a proxy. What is sent through that is a request of its own.
      if (request.method === 'CONNECT') return;
      const begun = requests.begin(requestOf(request), NOW);
      open.put(request, begun);
      addMissingHeaders(request, begun.headers ?? {});
      whenUpgraded(request, (statusCode) => {
        begun.answered(statusCode);
        begun.ended();
      });
    },
    'undici:request:headers': ({ request, response: { statusCode } }) => {
      // Others announce the response that follows.
      if (statusCode >= FIRST_FINAL || statusCode === SWITCHING_PROTOCOLS) open.of(request)?.answered(statusCode);
    },
    'undici:request:trailers': ({ request }) => open.of(request)?.ended(),
    'undici:request:error': ({ request, error }) => {
      const failure = isOfCollectedResponse(error) ? 'aborted' : failureOf(error);
      open.of(request)?.failed({ failure, error });
    },
  };
  const handlers = Object.entries(channels).map(([name, handler]) => [name, (message: unknown) => handler(message as Message)] as const);
  for (const [name, handler] of handlers) subscribe(name, handler);
  return () => {
    for (const [name, handler] of handlers) unsubscribe(name, handler);
  };
}

function requestOf({ origin, path, method }: UndiciRequest): OutgoingRequest {
  const target = proxiedTarget(path) ?? targetOf(String(origin));
  const { protocol, host, port } = target;
  return { kind: 'http', method, protocol, host, port, path: pathOf(path), target };
}
