/** Parses addresses, CIDR ranges and names of ranges, for all allowlists and lists of trusted proxies. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Range = readonly [network: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Creates the error for an invalid entry. */
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

  /** @throws the error that `refuse` returns for the first invalid entry */
  constructor(entries: readonly unknown[], refuse: RefuseAddress) {
    // Array.from, because flatMap would skip the holes of a list, and a list without ranges allows everyone.
    this.#ranges = Array.from(entries).flatMap((entry, index) => {
      const ranges = rangesOf(entry);
      if (ranges === undefined) throw refuse(entry, index);
      return ranges;
    });
  }

  /**
   * Parses the ranges of trusted proxies. A range of all addresses, such as `0.0.0.0/0` or `::ffff:0:0/96`, is rejected too, because any client
   * could then forge its address.
   * @throws the error that `refuse` returns for the first invalid entry
   */
  static ofProxies(entries: readonly unknown[], refuse: RefuseAddress): AddressRanges {
    const isEveryone = (entry: unknown): boolean => rangesOf(entry)?.some(([, bits]) => bits === 0) === true;
    for (const [index, entry] of entries.entries()) if (isEveryone(entry)) throw refuse(entry, index);
    return new AddressRanges(entries, refuse);
  }

  /** Returns whether an entry is a valid address, range or name of a range. */
  static canRead(entry: unknown): boolean {
    return rangesOf(entry) !== undefined;
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  /** Returns whether an address is in one of the ranges. `::ffff:10.0.0.1` is the same as `10.0.0.1`; text that is not an address is in no range. */
  has(address: string | undefined): boolean {
    const plain = address === undefined ? undefined : withoutZone(address);
    const parsed = plain === undefined ? undefined : parsedAddress(plain);
    if (parsed === undefined) return false;
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
  const address = parsedAddress(text);
  return address && [address, address.kind() === 'ipv4' ? 32 : 128];
}

function parsedAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!isAddress(text)) return undefined;
  const plain = withoutDots(text);
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : undefined;
}

/** Writes `::10.0.0.1` as `::a00:1`. ipaddr.js would read it as `::ffff:10.0.0.1`, which is another address. */
function withoutDots(text: string): string {
  if (!text.includes(':')) return text;
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function parseCidr(text: string): Range | undefined {
  const [address = '', bits = ''] = text.split('/');
  const plain = `${withoutDots(address)}/${bits}`;
  // Only one slash is allowed.
  if (text !== `${address}/${bits}` || !isAddress(address) || !/^\d{1,3}$/.test(bits) || !ipaddr.isValidCIDR(plain)) return undefined;
  const [network, length] = ipaddr.parseCIDR(plain);
  // Convert a range of IPv4-mapped addresses to a range of IPv4 addresses.
  if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && length >= 96) return [network.toIPv4Address(), length - 96];
  return [network, length];
}

// On Linux, the name of an interface can contain anything except slashes and spaces.
const ZONE = /^(fe[89ab][0-9a-f]:[^%]*)%[^\s/%\uFEFF]+$/i;

/**
 * Removes the interface from a link-local address; any other text is returned unchanged. The interface does not identify the peer, and its name
 * may have characters that Node's `isIP` rejects.
 */
function withoutZone(address: string): string {
  return ZONE.exec(address)?.[1] ?? address;
}

/** Uses Node's rules: no short, octal or hexadecimal forms of IPv4 and no spaces, which ipaddr.js would accept, and no zone. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
