/** Finds the client of a request: the socket's peer, or the client that a trusted proxy names. */
import type { IncomingMessage } from 'node:http';
import type { AddressRanges } from '@tsukimi/core';

/**
 * Returns the address of the client behind trusted proxies.
 *
 * `X-Forwarded-For` is read from the right, because the nearest proxy appends there. The first address that is not a trusted proxy is the client.
 * The client may have forged addresses further to the left.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: AddressRanges): string | undefined {
  let address = request.socket.remoteAddress;
  const hops = forwardedFor(request);
  while (hops.length > 0 && trustedProxies.has(address)) address = withoutPort(hops.pop() as string);
  return address;
}

/** Removes the port, which some proxies append to the client's address: `10.0.0.1:4711`, `[::1]:4711`. */
function withoutPort(hop: string): string {
  return /^([\d.]+):\d+$/.exec(hop)?.[1] ?? /^\[([^\]]*:[^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? hop;
}

// HTTP's optional whitespace. `trim()` would remove much more.
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;

function forwardedFor(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : header;
  return text === undefined ? [] : text.split(',').map((hop) => hop.replace(OUTER_SPACE, ''));
}
