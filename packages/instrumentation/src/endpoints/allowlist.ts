/** Which addresses may read the metrics. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { invalidAddress } from './errors.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** Where a list of addresses comes from, for errors. */
export interface ListOrigin {
  /** `metrics.allowed_ips` */
  readonly key: string;
  /** `application.yml` */
  readonly source: string;
}

/** A list of addresses, CIDR ranges and the names `loopback`, `linklocal`, `uniquelocal`, parsed once. */
export class AddressList {
  readonly #ranges: readonly Range[];

  /** @throws TSK_ERR_ENDPOINT_ADDRESS naming the entry, its source and the mend */
  constructor(entries: readonly string[], origin: ListOrigin) {
    this.#ranges = entries.flatMap((entry, index) =>
      expand(entry).map((each) => parseRange(each, { key: `${origin.key}[${index}]`, source: origin.source })),
    );
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  /** Whether an address is in one of the ranges; `::ffff:10.0.0.1` is `10.0.0.1`, and what is no address is in none. */
  has(address: string | undefined): boolean {
    const plain = address === undefined ? undefined : withoutZone(address);
    if (plain === undefined || !isAddress(plain) || !ipaddr.isValid(plain)) return false;
    const parsed = ipaddr.process(plain);
    return this.#ranges.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  }
}

// The names that Fastify's own trustProxy knows.
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

function expand(entry: string): readonly string[] {
  return Object.hasOwn(NAMED_RANGES, entry) ? (NAMED_RANGES[entry] as readonly string[]) : [entry];
}

function parseRange(entry: unknown, { key, source }: ListOrigin): Range {
  try {
    if (typeof entry === 'string') return entry.includes('/') ? parseCidr(entry) : parseAddress(entry);
  } catch {
    // ipaddr.js says only that it failed; the error below says what to write instead.
  }
  throw invalidAddress({ key, value: entry, source, mend: suggestion(entry) });
}

function parseAddress(entry: string): Range {
  if (!isAddress(entry)) throw new TypeError(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function parseCidr(entry: string): Range {
  const [address = '', bits = ''] = entry.split('/');
  if (!isAddress(address) || !/^\d{1,3}$/.test(bits)) throw new TypeError(entry);
  const [network, length] = ipaddr.parseCIDR(entry);
  // A range of IPv4-mapped addresses is a range of IPv4 addresses.
  if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && length >= 96) return [network.toIPv4Address(), length - 96];
  return [network, length];
}

// Linux lets an interface have any name without a slash or a space.
const ZONE = /^(fe[89ab][0-9a-f]:[^%]*)%[^\s/%\uFEFF]+$/i;

/**
 * A link-local address without the interface over which its peer is reached; any other text as it is. The name of the interface says nothing of who
 * the peer is, and it may have characters that Node's `isIP` refuses.
 */
function withoutZone(address: string): string {
  return ZONE.exec(address)?.[1] ?? address;
}

/** As Node reads it: neither the short, octal and hexadecimal forms of IPv4 nor the spaces that ipaddr.js takes, and no zone. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
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
