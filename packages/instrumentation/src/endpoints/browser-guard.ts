/** Keeps other sites out that a browser of an allowed client has open: they would read with the client's address. */

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { forbiddenHost, forbiddenSite } from './errors.js';

/** The names by which clients may address what is not for scrapers. */
export interface AllowedHosts {
  has(host: string | undefined): boolean;
}

/** `example.com`, `*.example.com`, `*`, in small letters. */
const PATTERN = /^(\*|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)$/;

export function isHostPattern(pattern: unknown): pattern is string {
  return typeof pattern === 'string' && PATTERN.test(pattern.toLowerCase());
}

/**
 * Returns the names that are allowed: addresses, `localhost`, the name of the machine, and the given ones.
 *
 * A site can let its own name point to the address of another machine (DNS rebinding), and would then be the same origin for the browser. It can't do
 * that with an address, and not with names that are not its own.
 * @param patterns names; `*.example.com` for all names below; `*` for any
 */
export function allowedHosts(patterns: readonly string[]): AllowedHosts {
  const given = patterns.map((pattern) => pattern.toLowerCase());
  const names = new Set(['localhost', hostname().toLowerCase(), ...given.filter((pattern) => !pattern.startsWith('*'))]);
  const endings = ['.localhost', ...given.filter((pattern) => pattern.startsWith('*.')).map((pattern) => pattern.slice(1))];
  const isAny = given.includes('*');
  return {
    has: (host) => {
      // HTTP/1.0 has no Host, and no browser sends it.
      if (isAny || host === undefined) return true;
      const name = nameOf(host);
      return isIP(name) !== 0 || names.has(name) || endings.some((ending) => name.endsWith(ending));
    },
  };
}

/** Without the port, the brackets and the final dot. */
function nameOf(host: string): string {
  const address = /^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1];
  return address ?? host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}

/** Returns why a request is refused; undefined if it is not. */
export function refusalOf({ headers }: Pick<IncomingMessage, 'headers'>, { hosts, isPage }: Guard): Error | undefined {
  const host = headers.host ?? headers[':authority'];
  if (!hosts.has(Array.isArray(host) ? host[0] : host)) return forbiddenHost();
  const site = headers['sec-fetch-site'];
  // Clients that are no browsers, and browsers before 2023, don't send it. `none` is a user who typed the address.
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isPage && isNavigation ? undefined : forbiddenSite();
}

interface Guard {
  readonly hosts: AllowedHosts;
  readonly isPage: boolean;
}
