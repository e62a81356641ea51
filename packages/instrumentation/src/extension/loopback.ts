/** The loopback: what only this machine can reach. */
import ipaddr from 'ipaddr.js';

/** Whether a server that listens on a host can be reached from this machine only: `localhost` or a loopback address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
