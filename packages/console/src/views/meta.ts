/** What there is to see, and the settings of the application. */
import { hostname } from 'node:os';
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { Meta, Settings } from '../api-types.js';
import { measuresHttp } from './http-metrics.js';
import { rounded, seriesOf, type Viewed } from './view.js';

interface Place {
  readonly instance: string;
  readonly metricsPath: string;
  /** Whether the request would get a profile. */
  readonly canProfile: boolean;
}

export function meta(viewed: Viewed, { instance, metricsPath, canProfile }: Place): Meta {
  const { history, sources } = viewed;
  const { application, isMeasuring } = sources;
  const has = (name: string): boolean => seriesOf(viewed, name).length > 0;
  return {
    instance,
    name: application.name ?? null,
    version: application.version ?? null,
    nodeVersion: process.version,
    pid: process.pid,
    host: hostname(),
    startedAt: rounded(Date.now() / 1000 - process.uptime(), 1),
    now: rounded(history.newest, 3),
    isMeasuring,
    metricsPath,
    history: {
      oldest: rounded(history.oldest, 3),
      newest: rounded(history.newest, 3),
      sampleSeconds: 1,
      bytes: history.tiers.bytes,
      maxBytes: history.tiers.maxBytes,
      series: history.index.size,
    },
    has: {
      http: measuresHttp(viewed),
      components: has(CATALOGUE.componentCalls.name) || has(CATALOGUE.componentDependency.name),
      system: has(CATALOGUE.systemCpu.name),
      scheduler: (sources.tasks?.() ?? []).length > 0,
      settings: sources.settings !== undefined,
      errors: sources.errors !== undefined,
      profile: canProfile,
      workers: false,
    },
  };
}

export function settings({ sources }: Viewed): Settings {
  const all = sources.settings?.() ?? [];
  return {
    settings: all.map(({ key, value, isDefault, source }) => ({ key, value, isSecret: value === null, isDefault, source })),
    profiles: sources.profile === undefined ? [] : [sources.profile],
  };
}
