/** Leaves out the routes of controllers that say so: `@Instrumented({ http: false })`. */
import { routeMethodOf } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import { isHttpRecorded } from '../metadata/instrumented.js';

/** What the options of a route say themselves wins over its method's decorator, and that over its class's. */
export function leaveOutDecorated(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const served = routeMethodOf(route.config ?? {});
    if (served === undefined || route.config?.metrics !== undefined) return;
    if (isHttpRecorded(served.controller, served.method) === false) route.config = { ...route.config, metrics: false };
  });
}
