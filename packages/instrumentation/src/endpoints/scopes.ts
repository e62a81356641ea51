/** Scopes: what the endpoints can show instead of this process, such as the totals of a fleet. */
import type { IncomingMessage } from 'node:http';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { scopeName, scopeTaken } from './errors.js';

/** Metrics of more than this process, which clients of the endpoints ask for with `?scope=<name>`. */
export interface MetricsScope {
  /** Lower-case letters, digits, `-` and `_`. `process` is this process, without a scope. */
  readonly name: string;
  /** Returns what `/metrics` shows as JSON. */
  view(): Promise<object>;
  /** Returns a registry with the metrics of the scope, for Prometheus's formats. It may be the same one each time. */
  registry(): Promise<MetricsRegistry>;
}

/** The scope of a request without one. */
const OWN_SCOPE = 'process';

const NAME = /^[a-z][a-z0-9_-]{0,49}$/;

// Where a registry is exposed, its scopes are too: on a plain Fastify server as in an application.
const scopes = new WeakMap<MetricsRegistry, Map<string, MetricsScope>>();

/**
 * Adds a scope to the endpoints that expose a registry: those of its application, and of `httpInstrumentation({ registry })`. Clients that may not read
 * the endpoints can't read the scope either. If `view` or `registry` fails, the client gets 503 with the error's message, and the failure is logged once.
 * @returns a function that removes the scope
 * @throws TSK_ERR_ENDPOINT_SCOPE for a name that is not allowed, or that another scope of the registry has
 */
export function addMetricsScope(registry: MetricsRegistry, scope: MetricsScope): () => void {
  const { name } = scope;
  if (typeof name !== 'string' || !NAME.test(name) || name === OWN_SCOPE) throw scopeName(name);
  const known = scopes.get(registry) ?? new Map<string, MetricsScope>();
  if (known.has(name)) throw scopeTaken(name);
  scopes.set(registry, known.set(name, scope));
  return () => {
    if (known.get(name) === scope) known.delete(name);
  };
}

/** The names that a client of the registry's endpoints can ask for. */
export function scopeNamesOf(registry: MetricsRegistry): readonly string[] {
  return [OWN_SCOPE, ...(scopes.get(registry)?.keys() ?? [])];
}

/** What a request asks for. */
export interface AskedScope {
  readonly name: string;
  /** Undefined if the registry has none of this name. */
  readonly scope: MetricsScope | undefined;
}

/** Reads `?scope=` here, because the application may have replaced Fastify's parser. Returns undefined for this process. */
export function askedScope(registry: MetricsRegistry, { url = '' }: Pick<IncomingMessage, 'url'>): AskedScope | undefined {
  const query = url.indexOf('?');
  const name = query === -1 ? null : new URLSearchParams(url.slice(query)).get('scope');
  return name === null || name === OWN_SCOPE ? undefined : { name, scope: scopes.get(registry)?.get(name) };
}
