/** Addresses, CIDR ranges and names of ranges: the one way in which all of Tsukimi reads whom to trust and whom to let in. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Range = readonly [network: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Makes the error for an entry that can't be read. */
export type RefuseAddress = (entry: unknown, index: number) => Error;

/** The names that Fastify's own trustProxy knows. */
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A list of addresses, CIDR ranges and the names `loopback`, `linklocal`, `uniquelocal`, parsed once. */
export class AddressRanges {
  readonly #ranges: readonly Range[];

  /** @throws what `refuse` makes for the first entry that is none of these */
  constructor(entries: readonly unknown[], refuse: RefuseAddress) {
    this.#ranges = entries.flatMap((entry, index) => {
      const ranges = rangesOf(entry);
      if (ranges === undefined) throw refuse(entry, index);
      return ranges;
    });
  }

  /**
   * Ranges of proxies to trust: one that has every address, such as `0.0.0.0/0` or `::ffff:0:0/96`, is refused too, since any client could then
   * write its own address.
   * @throws what `refuse` makes for the first entry that can't be a proxy's
   */
  static ofProxies(entries: readonly unknown[], refuse: RefuseAddress): AddressRanges {
    const isEveryone = (entry: unknown): boolean => rangesOf(entry)?.some(([, bits]) => bits === 0) === true;
    for (const [index, entry] of entries.entries()) if (isEveryone(entry)) throw refuse(entry, index);
    return new AddressRanges(entries, refuse);
  }

  /** Whether an entry is an address, a range or a name of ranges. */
  static canRead(entry: unknown): boolean {
    return rangesOf(entry) !== undefined;
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

function rangesOf(entry: unknown): readonly Range[] | undefined {
  if (typeof entry !== 'string') return undefined;
  const texts = Object.hasOwn(NAMED_RANGES, entry) ? (NAMED_RANGES[entry] as readonly string[]) : [entry];
  const ranges = texts.map((text) => (text.includes('/') ? parseCidr(text) : parseAddress(text)));
  return ranges.includes(undefined) ? undefined : (ranges as readonly Range[]);
}

function parseAddress(text: string): Range | undefined {
  if (!isAddress(text) || !ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function parseCidr(text: string): Range | undefined {
  const [address = '', bits = ''] = text.split('/');
  if (!isAddress(address) || !/^\d{1,3}$/.test(bits) || !ipaddr.isValidCIDR(text)) return undefined;
  const [network, length] = ipaddr.parseCIDR(text);
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
