/** Reads the `server` namespace, and checks the rules that a schema cannot express. */
import { AddressRanges } from './address-ranges.js';
import type { Configuration } from './configuration.js';
import { invalidConfigurationValue } from './errors.js';
import { type ServerConfiguration, ServerSchema } from './schema.js';

const PROXIES_ALLOWED = 'a list of addresses, CIDR ranges, or loopback, linklocal, uniquelocal';

/** The `server` namespace with parsed values. */
export interface CheckedServerConfiguration extends ServerConfiguration {
  /** The parsed ranges of `trust_proxy`. */
  readonly trustedProxies: AddressRanges;
}

/**
 * Returns the validated `server` namespace.
 * @throws TSK_ERR_CONFIGURATION_VALUE
 */
export function readServerConfiguration(configuration: Configuration): CheckedServerConfiguration {
  refuseTrustingEveryone(configuration);
  const server = configuration.namespace('server', ServerSchema);
  return { ...server, trustedProxies: proxiesOf(configuration, server.trust_proxy) };
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
    fix: 'List your proxies: if everyone were trusted, any client could claim any address.',
  });
}

function proxiesOf(configuration: Configuration, entries: readonly string[]): AddressRanges {
  return AddressRanges.ofProxies(entries, (value, index) =>
    invalidConfigurationValue({
      key: `server.trust_proxy[${index}]`,
      value: value as string,
      shown: true,
      source: configuration.placeOf(`server.trust_proxy[${index}]`),
      allowed: 'an address, a CIDR range such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    }),
  );
}
