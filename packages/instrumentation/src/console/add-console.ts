/** Adds the live page to the endpoints of a registry. */
import type { ApplicationContext, Health, Scheduler } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyBaseLogger } from 'fastify';
import { addMetricsEndpoint } from '../endpoints/added-endpoints.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { keepLastErrors } from '../last-errors.js';
import { refusalOf, type Switch } from '../profile-endpoints/availability.js';
import { type Console, consoleMaker, type PageApi, type ShownTask } from './console.js';
import { shownSettings } from './settings.js';

export interface ConsolePlace {
  readonly registry: MetricsRegistry;
  readonly logger: FastifyBaseLogger;
  readonly application: { readonly name: string | undefined; readonly version: string | undefined };
  readonly isMeasuring: boolean;
  readonly errors: 'messages' | 'classes' | 'off';
  /** False where there are no profiles at all. */
  readonly profiles: Switch;
  readonly scheduler?: Scheduler;
  readonly health?: Health;
  readonly configuration?: Pick<ApplicationContext, 'configuration'>;
  /** In one of several workers. */
  readonly primary?: PageApi | undefined;
}

const pages = new WeakMap<MetricsRegistry, Console>();

/** Undefined if the package with the page is not loaded. Servers of one registry share one page. */
export function addConsole({ registry, errors, profiles, scheduler, health, configuration, ...place }: ConsolePlace): Console | undefined {
  const known = pages.get(registry);
  if (known !== undefined) return known;
  const page = consoleMaker()?.({
    ...place,
    registry,
    errors: errors === 'off' ? undefined : keepLastErrors(registry, { messages: errors === 'messages' }),
    health,
    tasks: scheduler && (() => scheduler.tasks.map(shownTask)),
    settings: configuration && (() => shownSettings(configuration)),
    profile: configuration?.configuration.profile,
    canProfile: (request) => refusalOf(request, profiles, '') === undefined,
    kindOf: (component) => instrumenterOf(registry).components.get(component)?.kind,
  });
  if (page === undefined) return undefined;
  pages.set(registry, page);
  addMetricsEndpoint(registry, page.endpoint);
  return page;
}

export function shownTask({
  name,
  trigger,
  running,
  executions,
  failures,
  lastRun,
  lastDurationMs,
  lastErrorType,
  nextRun,
}: ShownTask): ShownTask {
  return { name, trigger, running, executions, failures, lastRun, lastDurationMs, lastErrorType, nextRun };
}
