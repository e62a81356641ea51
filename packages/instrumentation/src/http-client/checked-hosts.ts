/** Checks the hosts that the user names. */
import { invalidHost } from './errors.js';
import { type HostSelection, isHostEntry } from './host-labels.js';

/** Where hosts were written. */
export interface HostsOrigin {
  readonly key: string;
  readonly source: string;
}

/** @throws TSK_ERR_HTTP_CLIENT_HOST */
export function checkedHosts(hosts: unknown, origin: HostsOrigin): HostSelection {
  // A list of one comes from an environment variable.
  if (hosts === 'any' || (Array.isArray(hosts) && hosts.length === 1 && hosts[0] === 'any')) return 'any';
  return checkedHostList(hosts, origin);
}

/** @throws TSK_ERR_HTTP_CLIENT_HOST */
export function checkedHostList(hosts: unknown, { key, source }: HostsOrigin): readonly string[] {
  if (!Array.isArray(hosts)) throw invalidHost({ key, value: hosts, source });
  for (const [index, value] of hosts.entries()) if (!isHostEntry(value)) throw invalidHost({ key: `${key}[${index}]`, value, source });
  return hosts;
}
