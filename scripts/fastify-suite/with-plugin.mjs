/** Preloaded into a test of Fastify's: registers the plugin, first thing, on every instance that the test makes. */
import { createRequire } from 'node:module';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';

const require = createRequire(import.meta.url);
const fastify = require('fastify');
const own = new Set(['fastify', 'default']);

const instrumented = new Proxy(fastify, {
  apply(target, self, [options]) {
    const app = Reflect.apply(target, self, [options]);
    app.register(httpInstrumentation, { registry: new MetricsRegistry({ onError: () => {} }), processMetrics: false, path: null });
    return app;
  },
  get: (target, key) => (own.has(key) ? instrumented : target[key]),
});

// Every `require('../fastify')` of the tests gets what this module has in Node's cache.
require.cache[require.resolve('fastify')].exports = instrumented;
