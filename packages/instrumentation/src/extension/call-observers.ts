/** Observes the measured calls of an application. */
import type { ApplicationContext, Extension, ExtensionFactory } from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyInstance } from 'fastify';
import type { CallObserver } from '../calls/recording/call-observer.js';
import { observeCalls } from '../observers/call-observers.js';
import { observersNeedMetrics } from './errors.js';

/**
 * Returns an extension that observes every measured call of an application, from the first one on. The function is called once at start, before the
 * components are constructed.
 * @throws TSK_ERR_EXTENSION_OBSERVERS at start, if the application is not instrumented
 * @example
 * // @Application({ extensions: [callObservers(({ logger }) => ({ error: ({ component, error }) => logger.warn({ err: error }, component) }))] })
 */
export function callObservers(create: (application: ApplicationContext) => CallObserver | readonly CallObserver[]): ExtensionFactory {
  return () => new CallObserversExtension(create);
}

class CallObserversExtension implements Extension {
  readonly name = 'call-observers';

  constructor(private readonly create: (application: ApplicationContext) => CallObserver | readonly CallObserver[]) {}

  server(_: FastifyInstance, application: ApplicationContext): void {
    const registry = registryOf(application);
    for (const observer of [this.create(application)].flat() as readonly CallObserver[]) observeCalls(registry, observer);
  }
}

function registryOf(application: ApplicationContext): MetricsRegistry {
  try {
    return application.resolve(MetricsRegistry);
  } catch (cause) {
    throw observersNeedMetrics(cause);
  }
}
