/** Whether a server gives profiles: by default only if it can be reached from its own machine alone. */
import type { FastifyRequest } from 'fastify';
import type { InstrumentationError } from '../errors.js';
import { isLoopback } from '../loopback.js';
import { profilesDisabled } from '../profile/errors.js';

/** `auto`: on a server that listens on loopback addresses only, and for requests that no proxy has forwarded. */
export type Switch = boolean | 'auto';

const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** Returns why there are no profiles; undefined if there are. */
export function refusalOf(request: FastifyRequest, enabled: Switch, setBy: string): InstrumentationError | undefined {
  if (enabled === true) return undefined;
  if (enabled === false) return profilesDisabled('they are switched off', setBy);
  // Of a server that does not listen, only its own program can ask. Behind a Unix socket, there is a proxy.
  const isLocal = request.server.addresses().every((each) => typeof each !== 'string' && isLoopback(each.address));
  if (!isLocal) return profilesDisabled('by default, only servers that listen on a loopback address give them', setBy);
  const isForwarded = FORWARDED.some((header) => request.headers[header] !== undefined);
  return isForwarded ? profilesDisabled('by default, requests that a proxy has forwarded do not get them', setBy) : undefined;
}
