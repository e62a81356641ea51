/** The instrumentation of a Fastify server that does without the framework. */
import { MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { instrumenterOf } from '../calls/instrument.js';
import { CATALOGUE } from '../catalogue.js';
import { AddressList } from '../endpoints/allowlist.js';
import { addEndpoints } from '../endpoints/routes.js';
import { invalidPath } from '../errors.js';
import { SystemSampler } from '../system/sampler.js';
import { HttpAccounting } from './accounting.js';
import { addAccountingHooks } from './hooks.js';

export interface HttpInstrumentationOptions {
  /** Keeps the counts, and is what the endpoints show. */
  readonly registry: MetricsRegistry;
  /** Path of the JSON endpoint, the text endpoint is under it; `null` for no endpoints. `/metrics` unless told. */
  readonly path?: string | null;
  /** Addresses and CIDR ranges that may read the endpoints; empty means all. */
  readonly allowedIps?: readonly string[];
  /** Addresses and CIDR ranges of proxies whose `X-Forwarded-For` counts. */
  readonly trustProxy?: readonly string[];
  /** Whether `process_*`, `nodejs_*` and `system_*` are kept too; true unless told. */
  readonly processMetrics?: boolean;
  /** Time between two samples of memory and CPU, in milliseconds; 5000 unless told. */
  readonly sampleIntervalMs?: number;
}

/**
 * Counts every request of a Fastify server and serves the metrics endpoints: `await app.register(httpInstrumentation, { registry })`.
 *
 * Register it first: contexts that exist before it are not counted.
 * @throws TSK_ERR_ALLOWLIST_ENTRY, TSK_ERR_METRICS_PATH
 */
export const httpInstrumentation = fastifyPlugin(register, { name: 'tsukimi-http-instrumentation', fastify: '5.x' });

async function register(fastify: FastifyInstance, options: HttpInstrumentationOptions): Promise<void> {
  const { registry, path = '/metrics' } = options;
  checkPath(path);
  const http = new HttpAccounting(registry);
  addAccountingHooks(fastify, http);
  const system = (options.processMetrics ?? true) ? await startProcessMetrics(fastify, options) : undefined;
  if (path === null) return;
  await addEndpoints(fastify, {
    path,
    sources: { enabled: true, registry, http, system, components: instrumenterOf(registry).components },
    access: {
      allowed: new AddressList(options.allowedIps ?? [], { key: 'allowedIps', source: 'httpInstrumentation options' }),
      trustedProxies: new AddressList(options.trustProxy ?? [], { key: 'trustProxy', source: 'httpInstrumentation options' }),
      denied: registry.counter(CATALOGUE.accessDenied).labels(),
      logger: fastify.log,
    },
  });
}

async function startProcessMetrics(fastify: FastifyInstance, options: HttpInstrumentationOptions): Promise<SystemSampler> {
  const { registry } = options;
  for (const metric of processMetrics()) registry.registerMetric(metric);
  const sampler = new SystemSampler({
    registry,
    intervalMs: options.sampleIntervalMs ?? 5000,
    trackMemory: false,
    onError: (error) => fastify.log.warn({ err: error }, 'sampling the process failed; its last values stay'),
  });
  fastify.addHook('onClose', () => sampler.stop());
  await sampler.start();
  return sampler;
}

/** @throws TSK_ERR_METRICS_PATH */
export function checkPath(path: unknown): void {
  if (path !== null && !(typeof path === 'string' && /^\/[^?#\s:*]*[^?#\s:*/]$/.test(path))) throw invalidPath(path);
}
