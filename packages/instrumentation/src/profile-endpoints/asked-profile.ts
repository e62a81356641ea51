/** What a client asks for: `?seconds=10&format=pprof`, `?seconds=10&file=cpuprofile&file=pprof`. */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { profileOption } from '../profile/errors.js';
import { checkedSeconds, DEFAULT_SECONDS } from '../profile/profile-options.js';

/** Files for other programs. */
export type FileFormat = 'pprof' | 'cpuprofile' | 'heapprofile';

export interface AskedProfile {
  /** What the client asked for, and what it gets otherwise. */
  readonly seconds: { readonly asked: number | undefined; readonly otherwise: number };
  readonly format: FileFormat | 'json';
  /** Files that the JSON has beside the shares. */
  readonly files: readonly FileFormat[];
}

const SOURCE = 'query of the request';
const OCTETS = 'application/octet-stream';

/**
 * Reads the query here, because the application may have replaced Fastify's parser.
 * @throws TSK_ERR_PROFILE_OPTION
 */
export function askedProfile({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>, kind: 'cpu' | 'heap'): AskedProfile {
  const start = url.indexOf('?');
  const query = new URLSearchParams(start === -1 ? '' : url.slice(start));
  const formats: readonly FileFormat[] = ['pprof', `${kind}profile`];
  const seconds = query.get('seconds');
  return {
    seconds: { asked: seconds === null ? undefined : checkedSeconds(numberIn(seconds), SOURCE), otherwise: DEFAULT_SECONDS },
    format: oneOf(['json', ...formats], 'format', query.get('format')) ?? preferred(headers.accept),
    files: [...new Set(query.getAll('file'))].flatMap((file) => oneOf(formats, 'file', file) ?? []),
  };
}

function numberIn(text: string): number | string {
  return /^\d{1,3}(\.\d{1,9})?$/.test(text) ? Number(text) : text;
}

function oneOf<T extends string>(allowed: readonly T[], key: string, text: string | null): T | undefined {
  if (text === null) return undefined;
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw profileOption({ key, value: text, source: SOURCE, allowed: `one of ${allowed.join(', ')}` });
  return found;
}

/** The files for DevTools have no media type of their own, and are JSON. */
function preferred(accept = '*/*'): 'json' | 'pprof' {
  return new Negotiator({ headers: { accept } }).mediaType(['application/json', OCTETS]) === OCTETS ? 'pprof' : 'json';
}
