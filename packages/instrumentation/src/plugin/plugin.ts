/** The Fastify plugin, for servers without the framework. */
import { HttpContexts, loggableThrown, type RequestObserver, requestIdOf } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { CATALOGUE } from '../catalogue.js';
import { recordDatabaseDurations } from '../client-calls/database-durations.js';
import { addConsole } from '../console/add-console.js';
import { serveEndpoints } from '../endpoints/serve.js';
import { InstrumentationError } from '../errors.js';
import { checkHistogramsExist, configureHistograms, warningsOfManyBuckets } from '../histograms.js';
import { HttpAccounting } from '../http/accounting.js';
import { addAccountingHooks, schemeOf, warnOfUnmatched } from '../http/hooks.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { keptCounter } from '../kept-series.js';
import { hasOpenTelemetryNames } from '../metric-naming.js';
import { addFirstHook, hasDefaultRequestIds } from '../private-api/fastify.js';
import { startHeapSampling } from '../profile/heap-sampling.js';
import { profileEndpoint } from '../profile-endpoints/profile-endpoint.js';
import { addProcessMetrics } from '../system/process-metrics.js';
import { SystemSampler } from '../system/sampler.js';
import { receiveThreads } from '../threads/receive-threads.js';
import { type CheckedOptions, checkOptions } from './checked-options.js';
import type { HttpInstrumentationOptions } from './plugin-options.js';

const HISTOGRAMS_ORIGIN = { key: 'histograms', source: 'httpInstrumentation options' };

export type { HttpInstrumentationOptions } from './plugin-options.js';

/**
 * Counts every request of a Fastify server and serves the metrics endpoints: `await app.register(httpInstrumentation, { registry })`.
 *
 * Registered on the server itself, it counts all requests, also those to routes that were registered before. Registered in an encapsulated context,
 * it counts only the requests of that context.
 * @throws TSK_ERR_INSTRUMENTATION_OPTION, TSK_ERR_HTTP_EXCLUDE, TSK_ERR_ENDPOINT_ADDRESS, TSK_ERR_ENDPOINT_HOST_NAME, TSK_ERR_ENDPOINT_PATH, TSK_ERR_ENDPOINT_PATH_TAKEN; with `port`,
 * `listen()` rejects with TSK_ERR_WEB_PORT_IN_USE, TSK_ERR_WEB_PORT_FORBIDDEN or TSK_ERR_ENDPOINT_PORT_SHARED
 */
export const httpInstrumentation = fastifyPlugin(register, { name: 'tsukimi-http-instrumentation', fastify: '5.x' });

async function register(fastify: FastifyInstance, given: HttpInstrumentationOptions): Promise<void> {
  const options = checkOptions(given);
  const { registry, path, allowed, trustedProxies, histograms } = options;
  configureHistograms(registry, histograms, HISTOGRAMS_ORIGIN);
  const { leftOutRoutes: leftOut, statuses, sizes, requestLabels, naming } = options;
  const exemplars = options.contextObservers !== undefined;
  const scheme = schemeOf(fastify);
  const http = new HttpAccounting(registry, { leftOut, statuses, sizes, requestLabels, exemplars, naming, scheme });
  addAccountingHooks(fastify, http);
  const forgetThreads = receiveThreads(registry);
  fastify.addHook('onClose', async () => forgetThreads());
  if (hasOpenTelemetryNames(naming)) recordDatabaseDurations(registry);
  if (options.contextObservers !== undefined) openContexts(fastify, options.contextObservers);
  warnOfUnmatched(fastify, options.leftOutRoutes);
  const system = options.processMetrics ? await startProcessMetrics(fastify, options) : undefined;
  checkHistogramsExist(registry, histograms, HISTOGRAMS_ORIGIN);
  for (const warning of warningsOfManyBuckets(histograms, HISTOGRAMS_ORIGIN)) fastify.log.warn(warning);
  if (options.profile.heap) await sampleHeap(fastify);
  if (path === null) return;
  await serveEndpoints(fastify, {
    path,
    port: options.port,
    setBy: 'the option port of httpInstrumentation',
    sources: { enabled: true, registry, http, system, components: instrumenterOf(registry).components },
    access: {
      allowed,
      trustedProxies,
      denied: keptCounter(registry, () => registry.counter(CATALOGUE.accessDenied).labels()),
      logger: fastify.log,
    },
    hosts: options.hosts,
    endpoints: [profileEndpoint({ registry, enabled: options.profile.enabled, setBy: 'profile.enabled of httpInstrumentation' })],
    limits: {
      registry,
      maxInFlight: options.maxScrapesInFlight,
      timeoutMs: options.scrapeTimeoutMs,
      setBy: {
        maxInFlight: 'the option maxScrapesInFlight of httpInstrumentation',
        timeoutMs: 'the option scrapeTimeoutMs of httpInstrumentation',
      },
    },
  });
  if (options.console) startConsole(fastify, options);
}

function startConsole(fastify: FastifyInstance, { registry, allowed, profile }: CheckedOptions): void {
  const page = addConsole({
    registry,
    logger: fastify.log,
    application: { name: undefined, version: undefined },
    isMeasuring: true,
    profiles: profile.enabled,
    errors: allowed.isEmpty ? 'classes' : 'messages',
  });
  fastify.addHook('onReady', async () => page?.start());
  fastify.addHook('onClose', async () => page?.stop());
}

function openContexts(fastify: FastifyInstance, observers: readonly RequestObserver[]): void {
  if (hasDefaultRequestIds(fastify)) fastify.setGenReqId(requestIdOf);
  addFirstHook(fastify, new HttpContexts(fastify, observers).enter);
}

async function sampleHeap(fastify: FastifyInstance): Promise<void> {
  try {
    const end = await startHeapSampling();
    fastify.addHook('onClose', end);
  } catch (error) {
    if (!(error instanceof InstrumentationError)) throw error;
    fastify.log.warn({ code: error.code }, `The option profile.heap of httpInstrumentation has no effect. ${error.message}`);
  }
}

async function startProcessMetrics(fastify: FastifyInstance, { registry, sampleIntervalMs }: CheckedOptions): Promise<SystemSampler> {
  addProcessMetrics(registry);
  const sampler = new SystemSampler({
    registry,
    intervalMs: sampleIntervalMs,
    trackMemory: false,
    onError: (error) => fastify.log.warn({ err: loggableThrown(error) }, 'sampling the process failed; keeping the last values'),
  });
  fastify.addHook('onClose', () => sampler.stop());
  await sampler.start();
  return sampler;
}
