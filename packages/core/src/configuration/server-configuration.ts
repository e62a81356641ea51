/** Reads the `server` namespace, with the rules that a schema cannot say. */
import { isIP } from 'node:net';
import type { Configuration } from './configuration.js';
import { parseDecimal } from './environment.js';
import { invalidConfigurationValue } from './errors.js';
import { type ServerConfiguration, ServerSchema } from './schema.js';

const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);
const PROXIES_ALLOWED = 'a list of addresses, CIDR ranges, or loopback, linklocal, uniquelocal';

/**
 * The `server` namespace.
 * @throws TSK_ERR_CONFIGURATION_VALUE
 */
export function readServerConfiguration(configuration: Configuration): ServerConfiguration {
  refuseTrustingEveryone(configuration);
  const server = configuration.namespace('server', ServerSchema);
  const { workers, trust_proxy: proxies } = server;
  if (workers !== 1) {
    throw invalidConfigurationValue({
      key: 'server.workers',
      shown: true,
      value: workers,
      source: configuration.placeOf('server.workers'),
      allowed: '1, for now: an application runs in one process',
      mend: 'Run several instances behind a load balancer instead.',
    });
  }
  for (const [index, proxy] of proxies.entries()) checkProxy(configuration, { index, proxy });
  return server;
}

function refuseTrustingEveryone(configuration: Configuration): void {
  const value = configuration.get('server.trust_proxy');
  if (value !== true && value !== 'true') return;
  throw invalidConfigurationValue({
    key: 'server.trust_proxy',
    value,
    shown: true,
    source: configuration.placeOf('server.trust_proxy'),
    allowed: PROXIES_ALLOWED,
    mend: 'Name your proxies: if everyone were trusted, any client could write its own address.',
  });
}

function checkProxy(configuration: Configuration, { index, proxy }: { index: number; proxy: string }): void {
  if (NAMED_RANGES.has(proxy) || isAddressOrRange(proxy)) return;
  throw invalidConfigurationValue({
    key: `server.trust_proxy[${index}]`,
    value: proxy,
    shown: true,
    source: configuration.placeOf(`server.trust_proxy[${index}]`),
    allowed: 'an address, a CIDR range such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
  });
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  if (prefix === undefined) return true;
  const bits = /^\d{1,3}$/.test(prefix) ? parseDecimal(prefix) : undefined;
  // A range of zero bits is everyone: see refuseTrustingEveryone.
  return bits !== undefined && bits > 0 && bits <= (version === 4 ? 32 : 128);
}
