/** Recognizes loopback addresses. */
import ipaddr from 'ipaddr.js';

/** Returns whether a host is `localhost` or a loopback address, so that a server on it is only reachable from this machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
