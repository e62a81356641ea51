/** Where an application's metrics are, from what a person types. */
import { parsedAddress, shownAddress } from '@tsukimi/metrics';
import { completeAddress } from '../complete-address.js';
import { invalidAddress } from './errors.js';

/** The JSON endpoint, and what has to be sent along. */
export interface MetricsAddress {
  /** Without a name and password: it is shown. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * `127.0.0.1:8000`, `http://127.0.0.1:8000` and `http://127.0.0.1:8000/metrics` are the same; `8000` and `:8000` are ports of this machine.
 * Another path is taken as `metrics.path`, and `/prometheus` below it is left out.
 * @throws TSK_ERR_REMOTE_URL
 */
export function metricsAddress(text: string): MetricsAddress {
  const url = parse(text);
  const credentials = url && decoded(url);
  if (url === undefined || credentials === undefined) throw invalidAddress(shownAddress(text));
  const path = url.pathname.replace(/\/+$/, '').replace(/\/prometheus$/, '');
  return {
    url: `${url.origin}${path === '' ? '/metrics' : path}`,
    headers: { accept: 'application/json', ...(credentials !== ':' && { authorization: basic(credentials) }) },
  };
}

function parse(text: string): URL | undefined {
  const complete = completeAddress(text);
  // URL takes the first part of http:///metrics for a host.
  return complete.includes(':///') ? undefined : parsedAddress(complete);
}

/** `name:password`, `:` where there are none, undefined where they are no encoded text. */
function decoded({ username, password }: URL): string | undefined {
  try {
    return [username, password].map(decodeURIComponent).join(':');
  } catch {
    return undefined;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 */
function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
