/** The outgoing HTTP requests of the process: each begins once and ends once, for everybody who listens. */
import { contextHeaders } from '@tsukimi/core';
import type {
  ClientCallObserver,
  ClientCallStart,
  EndedClientCall,
  FollowedClientCall,
  HttpClientCall,
} from '../client-calls/client-call.js';
import type { HttpFailure } from './failure.js';
import type { Target } from './target.js';

/** A request as the channels see it. */
export interface OutgoingRequest extends HttpClientCall {
  readonly target: Target;
}

/** Sees outgoing requests. Its methods do not throw. */
export interface RequestListener extends ClientCallObserver {
  began(request: OutgoingRequest, start: ClientCallStart): FollowedClientCall | undefined;
  /** Whether the context of the caller is passed on. */
  propagatesTo?(target: Target): boolean;
}

export interface FailedRequest {
  readonly failure: HttpFailure;
  readonly error: unknown;
}

/** A request that has begun and not ended. */
export class OpenRequest {
  /** The headers that pass the context of the caller on; undefined if it is not passed on. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  #statusCode: number | undefined;
  #followed: readonly FollowedClientCall[];

  constructor(followed: readonly FollowedClientCall[], headers: Readonly<Record<string, string>> | undefined) {
    this.#followed = followed;
    this.headers = headers;
  }

  /** The status code, if the head of the response has arrived. */
  get statusCode(): number | undefined {
    return this.#statusCode;
  }

  answered(statusCode: number): void {
    this.#statusCode = statusCode;
    for (const each of this.#followed) each.answered?.(statusCode);
  }

  /** The last byte of the response has arrived. */
  ended(): void {
    this.#end({ failure: undefined, error: undefined, statusCode: this.#statusCode });
  }

  /** The request ends otherwise. If the caller no longer wants the rest of a response, that is no failure. */
  failed({ failure, error }: FailedRequest): void {
    if (failure === 'aborted' && this.#statusCode !== undefined) this.ended();
    else this.#end({ failure, error, statusCode: this.#statusCode });
  }

  #end(end: EndedClientCall): void {
    const followed = this.#followed;
    // What comes later belongs to a request that has been counted.
    this.#followed = [];
    for (const each of followed) each.ended(end);
  }
}

/** Tells listeners of requests. */
export class OutgoingRequests {
  readonly #listeners = new Set<RequestListener>();

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: RequestListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: RequestListener): void {
    this.#listeners.delete(listener);
  }

  begin(request: OutgoingRequest, start: ClientCallStart): OpenRequest {
    const followed: FollowedClientCall[] = [];
    let headers: Readonly<Record<string, string>> | undefined;
    for (const listener of this.#listeners) {
      const one = listener.began(request, start);
      if (one !== undefined) followed.push(one);
      // A tracer passes on its own span of the request, which is not active in the code of the caller.
      if (listener.propagatesTo?.(request.target) === true) headers = { ...contextHeaders(), ...one?.headers?.(), ...headers };
    }
    return new OpenRequest(followed, headers);
  }
}
