/** What may be the path of the endpoints. */
import { invalidPath } from './errors.js';

// What every client sends as it is written: nothing to decode, no pattern for the router, no dot segment that clients resolve away.
const PATH = /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/;

/** @throws TSK_ERR_ENDPOINT_PATH */
export function checkEndpointPath(path: unknown, origin: { readonly key: string; readonly source: string }): void {
  if (typeof path !== 'string' || !PATH.test(path)) throw invalidPath({ ...origin, value: path });
}
