/** The options of everything that sends to StatsD, and their checks. */
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { invalidOption, noUnixSockets } from './errors.js';
import { unixDgramFailure } from './private-api.js';
import type { Tags } from './tags.js';
import type { Address } from './transport.js';

/** Where the server is, and how it wants to have names. */
export interface StatsdOptions {
  /**
   * A host name or an IP address.
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined;
  /** @default 8125 */
  readonly port?: number | undefined;
  /**
   * The absolute path of the server's Unix datagram socket. Use it instead of `host` and `port`. It needs the native module `unix-dgram`, which npm
   * installs with `hot-shots` where it can be built.
   */
  readonly socket?: string | undefined;
  /**
   * `plain` puts label values into names, for every StatsD server: `http.requests.GET.api_users.200`. `dogstatsd` sends labels as tags, for the Datadog
   * Agent and other servers that know them.
   * @default 'plain'
   */
  readonly mode?: 'plain' | 'dogstatsd' | undefined;
  /**
   * The beginning of all names, without the last dot: `shop`.
   * @default ''
   */
  readonly prefix?: string | undefined;
  /**
   * Tags of all lines, in the mode `dogstatsd`. Labels of the same name win. `service`, `env` and `version` are taken from the environment
   * (`DD_SERVICE`, `DD_ENV`, `DD_VERSION`) if they are not given.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The quantiles of histograms that are sent as gauges, each above 0 and at most 1. An empty list sends none.
   * @default [0.5, 0.95, 0.99]
   */
  readonly quantiles?: readonly number[] | undefined;
  /**
   * The limit of a packet, from 64 to 65,507 bytes.
   * @default 1432, which fits into an Ethernet frame; 8192 for a Unix socket
   */
  readonly maxPacketBytes?: number | undefined;
}

/** The options with their defaults. */
export interface StatsdSettings {
  readonly address: Address;
  readonly mode: 'plain' | 'dogstatsd';
  /** With a dot at its end, or empty. */
  readonly prefix: string;
  readonly tags: Tags;
  readonly quantiles: readonly number[];
  readonly maxPacketBytes: number;
}

export const USUAL_QUANTILES: readonly number[] = [0.5, 0.95, 0.99];
export const LARGEST_PACKET_BYTES = 65_507;
export const SMALLEST_PACKET_BYTES = 64;

const PREFIX = /^[A-Za-z\d_-]+(?:\.[A-Za-z\d_-]+)*$/;
const TAG_KEY = /^[A-Za-z][\w./-]{0,99}$/;
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z\d_](?:[\w.-]*\w)?\.?$/;

/** The tags that Datadog's tools read from the environment. */
const UNIFIED_TAGS = { service: 'DD_SERVICE', env: 'DD_ENV', version: 'DD_VERSION' } as const;

/** Makes the error for an option that is not allowed. */
export type Refuse = (key: keyof StatsdOptions, value: unknown, allowed: string) => Error;

/** @throws TSK_ERR_STATSD_OPTION, TSK_ERR_STATSD_UNIX_SOCKET, or what `refuse` returns */
export function checkedOptions(options: StatsdOptions, refuse: Refuse = invalidOption): StatsdSettings {
  const { host = '127.0.0.1', port = 8125, socket, mode = 'plain', prefix = '', tags = {}, quantiles = USUAL_QUANTILES } = options;
  const { maxPacketBytes = socket === undefined ? 1432 : 8192 } = options;
  if (typeof host !== 'string' || (isIP(host) === 0 && !HOST_NAME.test(host)))
    throw refuse('host', host, 'a host name or an IP address, without a port');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refuse('port', port, 'a whole number from 1 to 65535');
  if (mode !== 'plain' && mode !== 'dogstatsd') throw refuse('mode', mode, 'plain or dogstatsd');
  if (prefix !== '' && (typeof prefix !== 'string' || !PREFIX.test(prefix)))
    throw refuse('prefix', prefix, 'letters, digits, dashes, underscores, and dots between them, such as shop.api');
  if (!Array.isArray(quantiles) || !quantiles.every((q) => typeof q === 'number' && q > 0 && q <= 1))
    throw refuse('quantiles', quantiles, 'a list of numbers above 0 and at most 1, such as [0.5, 0.95]');
  if (!Number.isInteger(maxPacketBytes) || maxPacketBytes < SMALLEST_PACKET_BYTES || maxPacketBytes > LARGEST_PACKET_BYTES)
    throw refuse('maxPacketBytes', maxPacketBytes, `a whole number of bytes from ${SMALLEST_PACKET_BYTES} to ${LARGEST_PACKET_BYTES}`);
  checkSocket(socket, refuse);
  return {
    address: { host, port, socket },
    mode,
    prefix: prefix === '' ? '' : `${prefix}.`,
    tags: checkedTags({ tags, mode }, refuse),
    quantiles: [...new Set(quantiles as readonly number[])],
    maxPacketBytes,
  };
}

function checkSocket(socket: string | undefined, refuse: Refuse): void {
  if (socket === undefined) return;
  if (typeof socket !== 'string' || !isAbsolute(socket)) throw refuse('socket', socket, 'the absolute path of a Unix datagram socket');
  const failure = unixDgramFailure();
  if (failure !== undefined) throw noUnixSockets(socket, failure);
}

function checkedTags({ tags, mode }: Required<Pick<StatsdOptions, 'tags' | 'mode'>>, refuse: Refuse): Tags {
  const given = typeof tags === 'object' && tags !== null && !Array.isArray(tags) ? Object.entries(tags) : undefined;
  if (given === undefined || !given.every(([key, value]) => TAG_KEY.test(key) && typeof value === 'string'))
    throw refuse('tags', tags, 'texts by key, and keys of letters, digits, _, -, . and /, a letter first');
  if (mode === 'plain') {
    if (given.length > 0) throw refuse('tags', tags, 'no tags in the mode plain; set the mode dogstatsd, or use prefix');
    return {};
  }
  const own = Object.fromEntries(given);
  const unified = Object.entries(UNIFIED_TAGS)
    .filter(([key]) => own[key] === undefined)
    .map(([key, variable]) => [key, process.env[variable] ?? ''] as const);
  return { ...Object.fromEntries(unified.filter(([, value]) => value !== '')), ...own };
}
