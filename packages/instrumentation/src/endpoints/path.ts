/** Checks the path of the endpoints. */
import { invalidPath } from './errors.js';

// Only paths that every client sends unchanged: without encoded characters, patterns of the router, and dot segments, which clients resolve.
const PATH = /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/;

/** @throws TSK_ERR_ENDPOINT_PATH */
export function checkEndpointPath(path: unknown, origin: { readonly key: string; readonly source: string }): void {
  if (!isEndpointPath(path)) throw invalidPath({ ...origin, value: path });
}

export function isEndpointPath(path: unknown): path is string {
  return typeof path === 'string' && PATH.test(path);
}
