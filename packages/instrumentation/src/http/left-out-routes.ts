/** Routes whose requests are not recorded: by patterns (`GET /events`, `/health/*`), or by their controller's decorators. */
import { METHODS } from 'node:http';
import { routeMethodOf } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { isHttpRecorded } from '../metadata/instrumented.js';
import { patternExpression } from '../name-pattern.js';
import { invalidRoutePattern } from './errors.js';

const PATTERN = /^(?:(?<method>[A-Z-]+) )?(?<path>[/*]\S*)$/u;
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

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
  readonly path: RegExp;
  matched: boolean;
}

/** The routes that a list of patterns leaves out. Patterns are matched against route templates with their prefix, as in the label `path`. */
export class LeftOutRoutes {
  readonly #exclusions: readonly Exclusion[];

  /** @throws TSK_ERR_HTTP_EXCLUDE with the entry and its source */
  constructor(
    patterns: readonly string[],
    private readonly origin: Origin,
  ) {
    this.#exclusions = patterns.map((pattern, index) => exclusionOf(pattern, { ...origin, key: `${origin.key}[${index}]` }));
  }

  /** Returns whether the requests to a route and method are left out. */
  has(method: string, path: string): boolean {
    const hits = this.#exclusions.filter((each) => (each.method === undefined || each.method === method) && each.path.test(path));
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

function exclusionOf(pattern: unknown, { key, source }: Origin): Exclusion {
  const { method, path } = (typeof pattern === 'string' ? PATTERN.exec(pattern)?.groups : undefined) ?? {};
  if (path === undefined || (method !== undefined && !KNOWN_METHODS.has(method)))
    throw invalidRoutePattern({ key, value: pattern, source });
  return { entry: `${key}: ${JSON.stringify(pattern)}`, method, path: patternExpression(path), matched: false };
}

/** Applies the `http` option of decorators. The options of a route override the decorator of its method, which overrides that of its class. */
export function leaveOutDecorated(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const served = routeMethodOf(route.config ?? {});
    if (served === undefined || route.config?.metrics !== undefined) return;
    if (isHttpRecorded(served.controller, served.method) === false) route.config = { ...route.config, metrics: false };
  });
}
