/** Requests that are not recorded: by patterns (`GET /events`, `/health/*`), their method, or their controller's decorators. */
import { METHODS } from 'node:http';
import { routeMethodOf } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { isHttpRecorded } from '../metadata/instrumented.js';
import { patternExpression } from '../name-pattern.js';
import { invalidRoutePattern } from './errors.js';

const PATTERN = /^(?:(?<method>[A-Z-]+) )?(?<path>[/*]\S*)$/u;
const PATH = /^[/*]\S*$/u;
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);
const KEYS: readonly string[] = ['method', 'path', 'unmatched'];

/** Requests that are not recorded: what matches all that is given. */
export interface RequestExclusion {
  /** The HTTP method, in capitals. Without `path` and `unmatched`, all requests with it, whether a route matches them or not. */
  readonly method?: string;
  /** The template of a route with its prefix, `*` for any part. */
  readonly path?: string;
  /** `true` for the requests that no route matches, malformed ones and those aborted before they were routed among them. */
  readonly unmatched?: boolean;
}

/** `/health/*`, `GET /events`, `{ method: 'OPTIONS' }`, `{ unmatched: true }` */
export type RouteExclusion = string | RequestExclusion;

interface Origin {
  /** `instrumentation.http.exclude` */
  readonly key: string;
  readonly source: string;
}

interface Exclusion {
  /** `instrumentation.http.exclude[0]: "GET /events"` */
  readonly entry: string;
  /** The HTTP method; undefined for all methods. */
  readonly method: string | undefined;
  /** @param path the template of a route; undefined if no route matches */
  hasPath(path: string | undefined): boolean;
  /** Whether it was seen to match, or may match what is no route. */
  matched: boolean;
}

/** The requests that a list leaves out. Patterns are matched against route templates with their prefix, as in the label `path`. */
export class LeftOutRoutes {
  readonly #exclusions: readonly Exclusion[];

  /** @throws TSK_ERR_HTTP_EXCLUDE with the entry and its source */
  constructor(
    entries: readonly RouteExclusion[],
    private readonly origin: Origin,
  ) {
    // Not `map`, which passes over the holes of an array.
    this.#exclusions = Array.from(entries, (entry, index) => exclusionOf(entry, { ...origin, key: `${origin.key}[${index}]` }));
  }

  /**
   * Returns whether requests are left out.
   * @param path the template of their route; undefined if no route matches
   */
  has(method: string, path: string | undefined): boolean {
    const hits = this.#exclusions.filter((each) => (each.method === undefined || each.method === method) && each.hasPath(path));
    for (const hit of hits) hit.matched = true;
    return hits.length > 0;
  }

  /** A warning for each pattern that has not matched any route, and is probably misspelt. */
  get warnings(): readonly string[] {
    return this.#exclusions
      .filter(({ matched }) => !matched)
      .map(({ entry }) => `${entry} matches no route (${this.origin.source}). Write the route's template, as in the label path.`);
  }
}

function exclusionOf(given: unknown, { key, source }: Origin): Exclusion {
  const parts = typeof given === 'string' ? PATTERN.exec(given)?.groups : partsOf(given);
  if (parts === undefined) throw invalidRoutePattern({ key, value: given, source });
  const { method, path, unmatched } = parts as RequestExclusion;
  if (method !== undefined && !KNOWN_METHODS.has(method)) throw invalidRoutePattern({ key, value: given, source });
  const expression = path === undefined ? undefined : patternExpression(path);
  return {
    entry: `${key}: ${JSON.stringify(given)}`,
    method,
    hasPath: (template) => {
      if (expression === undefined) return unmatched !== true || template === undefined;
      return template !== undefined && expression.test(template);
    },
    matched: expression === undefined,
  };
}

/** Undefined if it is no exclusion. */
function partsOf(given: unknown): RequestExclusion | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const keys = Object.keys(given);
  const { method, path, unmatched } = given as { readonly [Key in keyof RequestExclusion]: unknown };
  const isSome = method !== undefined || path !== undefined || unmatched !== undefined;
  const isKnown = isSome && keys.every((key) => KEYS.includes(key));
  const hasMethod = method === undefined || typeof method === 'string';
  const hasPath = path === undefined || (typeof path === 'string' && PATH.test(path) && unmatched === undefined);
  const hasUnmatched = unmatched === undefined || unmatched === true;
  return isKnown && hasMethod && hasPath && hasUnmatched ? (given as RequestExclusion) : undefined;
}

/** Applies the `http` option of decorators. The options of a route override the decorator of its method, which overrides that of its class. */
export function leaveOutDecorated(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const served = routeMethodOf(route.config ?? {});
    if (served === undefined || route.config?.metrics !== undefined) return;
    if (isHttpRecorded(served.controller, served.method) === false) route.config = { ...route.config, metrics: false };
  });
}
