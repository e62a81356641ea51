/** What `npm run traffic` accepts on its command line. */
import { BlockList, isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { TrafficOptions } from './run.js';

/** Where the demo listens, unless it is told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8000';

/** What to type for traffic to a demo at this URL. */
export const trafficCommand = (url: string): string => (url === DEFAULT_URL ? 'npm run traffic' : `npm run traffic -- --url ${url}`);

/** Printed for `--help`. */
export const USAGE = `Sends varied requests, mistakes included, to the demo and says what it sent.

  npm run traffic -- [options]

  --url URL        where the demo listens (${DEFAULT_URL})
  --requests N     how many requests to send (600)
  --rate N         how many a second; 0 for as fast as answers come (20)
  --seed N         repeats the choices of another run (a new one each time)
  --allow-remote   lets --url name another machine`;

/** An option that makes no sense; the message says which and what is allowed. */
export class TrafficOptionError extends Error {
  override readonly name = 'TrafficOptionError';
}

/**
 * Reads the arguments after the script's name; `help` is all there is where help was asked for.
 * @throws TrafficOptionError
 */
export function readTrafficOptions(args: readonly string[]): TrafficOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    url: readUrl(values.url, values['allow-remote']),
    requests: readInteger('requests', values.requests, { from: 1, to: 1_000_000 }),
    ratePerSecond: readInteger('rate', values.rate, { from: 0, to: 10_000 }),
    seed: values.seed === undefined ? Date.now() % 2 ** 32 : readInteger('seed', values.seed, { from: 0, to: 2 ** 32 - 1 }),
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: DEFAULT_URL },
        requests: { type: 'string', default: '600' },
        rate: { type: 'string', default: '20' },
        seed: { type: 'string' },
        'allow-remote': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrafficOptionError(`${reason.replaceAll('\n', ' ').replace(/\.$/, '')}. Try --help.`, { cause: error });
  }
}

function readInteger(name: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new TrafficOptionError(`--${name} ${text}: an integer from ${from} to ${to} is allowed.`);
}

function readUrl(text: string, allowRemote: boolean): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TrafficOptionError(`--url ${text}: not an http URL, such as http://127.0.0.1:8000.`);
  }
  if (allowRemote || isLoopback(new URL(text).hostname)) return text;
  throw new TrafficOptionError(`--url ${text}: not on this machine. Add --allow-remote if that is meant.`);
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  if (family === 0) return address === 'localhost';
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
