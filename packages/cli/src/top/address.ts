/** Finds the address of an application's metrics. */
import { type RemoteAddress, remoteAddress, shownAddress } from '@tsukimi/metrics';
import { completeAddress } from '../complete-address.js';
import { invalidAddress } from './errors.js';

/** The JSON endpoint, and the headers of a request. */
export interface MetricsAddress extends Pick<RemoteAddress, 'shownCause'> {
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
  const complete = completeAddress(text);
  // URL takes the first part of http:///metrics for a host.
  const remote = complete.includes(':///') ? undefined : remoteAddress(complete);
  if (remote === undefined) throw invalidAddress(shownAddress(text));
  const { url, headers, shownCause } = remote;
  const path = url.pathname.replace(/\/+$/, '').replace(/\/prometheus$/, '');
  return { url: `${url.origin}${path === '' ? '/metrics' : path}`, headers: { accept: 'application/json', ...headers }, shownCause };
}
