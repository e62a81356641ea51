/** Whether a host is reachable from this machine only. */
import ipaddr from 'ipaddr.js';

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}
