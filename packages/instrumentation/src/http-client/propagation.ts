/** Passes the context of a request on to other services: by headers, and only to hosts that the user trusts with it. */
import type { OutgoingHttpHeaders } from 'node:http';
import { contextHeaders } from '@tsukimi/core';
import { isLoopback } from '../loopback.js';
import { HostList } from './host-labels.js';
import type { Target } from './target.js';

/** Stands for `localhost` and every loopback address in a list of hosts. */
export const LOOPBACK = 'loopback';

export const DEFAULT_PROPAGATE_TO: readonly string[] = [LOOPBACK];

/** The hosts that the context is passed on to. */
export class PropagatedHosts {
  readonly #list: HostList;
  readonly #hasLoopback: boolean;
  readonly #found = new WeakMap<Target, boolean>();

  /** @param entries checked by `checkedHostList`; `loopback` stands for this machine */
  constructor(entries: readonly string[]) {
    this.#hasLoopback = entries.includes(LOOPBACK);
    this.#list = new HostList(entries.filter((entry) => entry !== LOOPBACK));
  }

  has(target: Target): boolean {
    let has = this.#found.get(target);
    if (has === undefined) {
      has = (this.#hasLoopback && target.host !== undefined && isLoopback(target.host)) || this.#list.find(target) !== undefined;
      this.#found.set(target, has);
    }
    return has;
  }
}

/**
 * Adds the headers that pass the context of the running code on, `x-request-id`, `traceparent` and `tracestate`, and returns the same headers. Headers
 * that are set already stay. Without a context, nothing is added.
 *
 * For `node:http` before Node.js 22.12, whose requests can't be changed by diagnostics channels. Whatever the host is: you decide whom you call it for.
 * @example
 * get('https://orders.internal/orders', { headers: injectContext({ accept: 'application/json' }) });
 */
export function injectContext<H extends OutgoingHttpHeaders | Headers>(headers: H): H {
  const added = Object.entries(contextHeaders());
  if (headers instanceof Headers) {
    for (const [name, value] of added) if (!headers.has(name)) headers.set(name, value);
    return headers;
  }
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  for (const [name, value] of added) if (!given.has(name)) (headers as OutgoingHttpHeaders)[name] = value;
  return headers;
}
