/** Parses the allowlist of the endpoints, the list of trusted proxies, and the allowed names. */
import { AddressRanges, type RefuseAddress } from '@tsukimi/core';
import { type AllowedHosts, allowedHosts, isHostPattern } from './browser-guard.js';
import { invalidAddress, invalidHost, trustsEveryone } from './errors.js';

/** The origin of a list of addresses, for errors. */
export interface ListOrigin {
  /** `metrics.allowed_ips` */
  readonly key: string;
  /** `application.yml` */
  readonly source: string;
}

/** @throws TSK_ERR_ENDPOINT_ADDRESS with the entry, its source and the fix */
export function allowedAddresses(entries: readonly unknown[], origin: ListOrigin): AddressRanges {
  return new AddressRanges(entries, refusing(origin));
}

/** @throws TSK_ERR_ENDPOINT_ADDRESS with the entry, its source and the fix; also for a range of all addresses */
export function trustedProxies(entries: readonly unknown[], origin: ListOrigin): AddressRanges {
  const refuse = refusing(origin);
  return AddressRanges.ofProxies(entries, (value, index) =>
    AddressRanges.canRead(value) ? trustsEveryone({ key: `${origin.key}[${index}]`, value, source: origin.source }) : refuse(value, index),
  );
}

/** @throws TSK_ERR_ENDPOINT_HOST_NAME with the entry and its source */
export function allowedNames(entries: readonly unknown[], { key, source }: ListOrigin): AllowedHosts {
  const patterns = Array.from(entries, (value, index) => {
    if (!isHostPattern(value)) throw invalidHost({ key: `${key}[${index}]`, value, source });
    return value;
  });
  return allowedHosts(patterns);
}

function refusing({ key, source }: ListOrigin): RefuseAddress {
  return (value, index) => invalidAddress({ key: `${key}[${index}]`, value, source, fix: suggestion(value) });
}

function suggestion(entry: unknown): string {
  const [address = '', bits] = String(entry).split('/');
  const parts = address.split('.').filter((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  if (
    bits !== undefined &&
    /^\d+$/.test(bits) &&
    Number(bits) <= 32 &&
    parts.length > 0 &&
    parts.length < 4 &&
    parts.length === address.split('.').length
  ) {
    return `Write it as ${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${bits}.`;
  }
  return 'Write an IPv4 or IPv6 address (10.0.0.1, ::1) or a range (10.0.0.0/8, fd00::/8).';
}
