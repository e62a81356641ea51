/** Where an outgoing request goes: the scheme, host and port that the caller named. */

export interface Target {
  readonly protocol: 'http' | 'https';
  /** In lower case, IPv6 addresses without brackets; undefined if what was named is no host. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** As it stands in a URL: with brackets, and without the port if it is the default of the protocol. */
  readonly authority: string | undefined;
}

const NOWHERE: Target = { protocol: 'http', host: undefined, port: undefined, authority: undefined };

/** Origins that are remembered, so that they are parsed once. */
const MOST_REMEMBERED = 1000;
const remembered = new Map<string, Target>();

/** Reads an origin, such as `https://api.example.com:8443`. Credentials in it are dropped. */
export function targetOf(origin: string): Target {
  const found = remembered.get(origin);
  if (found !== undefined) return found;
  const target = parse(origin);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(origin, target);
  return target;
}

/** Where a request goes whose path is a whole URL, because it is sent to a proxy; undefined for other paths. */
export function proxiedTarget(path: string): Target | undefined {
  return path.startsWith('http://') || path.startsWith('https://') ? parse(path) : undefined;
}

/** The path of a request target, without query and origin. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  const path = end === -1 ? target : target.slice(0, end);
  return path.startsWith('/') || !path.includes('://') ? path : path.slice(path.indexOf('/', path.indexOf('://') + 3) >>> 0) || '/';
}

function parse(text: string): Target {
  try {
    const { protocol, hostname, host, port } = new URL(text);
    const isSecure = protocol === 'https:' || protocol === 'wss:';
    return {
      protocol: isSecure ? 'https' : 'http',
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port: port === '' ? (isSecure ? 443 : 80) : Number(port),
      authority: host,
    };
  } catch {
    return NOWHERE;
  }
}
