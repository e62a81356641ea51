/** A call to another system, as the parts of Tsukimi that follow such calls see it. */

/** An outgoing HTTP request. Each attempt of a retry, and each hop of a redirect, is one. */
export interface HttpClientCall {
  readonly kind: 'http';
  /** The method as it is sent: `GET`. */
  readonly method: string;
  readonly protocol: 'http' | 'https';
  /** The host name or address that the caller named, in lower case, IPv6 addresses without brackets; undefined if it is no host. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The path without query, which may hold secrets. */
  readonly path: string;
}

/** A query of a database. */
export interface DatabaseClientCall {
  readonly kind: 'database';
  readonly system: 'postgresql';
  /** The name that the pool is measured under. */
  readonly pool: string;
  /** The labels of the query in the metrics. */
  readonly operation: string;
  readonly statement: string;
  /** The SQL as it was passed; undefined for a prepared statement that is named only. It may hold values that the user wrote into it. */
  readonly text: string | undefined;
  /** Whether an instrumentation of OpenTelemetry makes a span of the query, too. */
  readonly isTraced: boolean;
}

/** A call to another system that begins. */
export type ClientCall = HttpClientCall | DatabaseClientCall;

/** How a call to another system ended. */
export interface EndedClientCall {
  /** Undefined if the call succeeded. An HTTP response of any status is a success here. */
  readonly failure: string | undefined;
  /** What made it fail, where that is known. */
  readonly error: unknown;
  /** The status code of the response of an HTTP request; undefined if none arrived. */
  readonly statusCode: number | undefined;
}

/** Follows one call. */
export interface FollowedClientCall {
  /** Returns headers for an HTTP request to a host that the context is passed on to; those that the caller has set stay. */
  headers?(): Readonly<Record<string, string>>;
  /** The head of an HTTP response has arrived. */
  answered?(statusCode: number): void;
  /** Called once. An HTTP request ends with the last byte of its response. */
  ended(end: EndedClientCall): void;
}

/** When a call began. */
export interface ClientCallStart {
  /** How long ago the call began, in seconds: it can be noticed after its beginning. Undefined if nobody knows. */
  readonly elapsedSeconds: number | undefined;
}

/** Sees the calls that a program makes to other systems. */
export interface ClientCallObserver {
  /**
   * Called when a call begins, in the asynchronous context of the caller.
   * @returns what follows the call; undefined to ignore it
   */
  began(call: ClientCall, start: ClientCallStart): FollowedClientCall | undefined;
}
