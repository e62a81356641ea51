/** Who a request comes from: the socket's peer, or who a trusted proxy says it speaks for. */
import type { IncomingMessage } from 'node:http';
import type { AddressRanges } from '@tsukimi/core';

/**
 * The address of the client, seen through the proxies that are trusted and through no other.
 *
 * `X-Forwarded-For` is read from the right, where the nearest proxy wrote; the first address that is not a trusted proxy's is the client.
 * What stands further left may be the client's own invention.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: AddressRanges): string | undefined {
  let address = request.socket.remoteAddress;
  const hops = forwardedFor(request);
  while (hops.length > 0 && trustedProxies.has(address)) address = withoutPort(hops.pop() as string);
  return address;
}

/** Some proxies write the client's port behind its address: `10.0.0.1:4711`, `[::1]:4711`. */
function withoutPort(hop: string): string {
  return /^([\d.]+):\d+$/.exec(hop)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop;
}

// What HTTP calls optional whitespace; `trim()` takes away much more.
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;

function forwardedFor(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : header;
  return text === undefined ? [] : text.split(',').map((hop) => hop.replace(OUTER_SPACE, ''));
}
