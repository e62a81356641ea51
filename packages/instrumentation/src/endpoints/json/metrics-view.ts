/** The JSON of `GET /metrics`: everything that is measured. Keys are snake_case, as in Mitsuki. */
import type { Scheduler } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { ComponentCalls } from '../../calls/recording/component-calls.js';
import type { HttpAccounting } from '../../http/accounting.js';
import type { SystemSampler } from '../../system/sampler.js';
import { componentsView } from './components-view.js';
import { type CollectFailed, customView } from './custom-view.js';
import { httpView } from './http-view.js';
import { schedulerView } from './scheduler-view.js';
import { systemView } from './system-view.js';

/** The sources of the view. Parts that are not measured are left out. */
export interface MetricsSources {
  readonly enabled: boolean;
  readonly registry: MetricsRegistry;
  readonly components?: ReadonlyMap<string, ComponentCalls> | undefined;
  readonly http?: HttpAccounting | undefined;
  readonly system?: SystemSampler | undefined;
  readonly scheduler?: Scheduler | undefined;
  /** Whether the messages of tasks' errors are shown, without what looks like a credential. */
  readonly showErrorMessages?: boolean | undefined;
}

export async function metricsView(sources: MetricsSources, onCollectFailure: CollectFailed) {
  const { enabled, registry, components, http, system, scheduler } = sources;
  const custom = await customView(registry, onCollectFailure);
  return {
    enabled,
    timestamp: new Date().toISOString(),
    instrumentation: {
      ...(system !== undefined && { system: systemView(system.last) }),
      ...(http !== undefined && { http: httpView(http) }),
      ...(components !== undefined && { components: componentsView(components.values()) }),
      custom,
    },
    ...(scheduler !== undefined && { scheduler: schedulerView(scheduler, sources.showErrorMessages === true) }),
  };
}
