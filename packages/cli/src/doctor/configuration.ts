/** Reads a project's configuration exactly like its start, for the checks. */
import { type Configuration, ServerSchema } from '@tsukimi/core';
import { MetricsSchema } from '@tsukimi/instrumentation';
import { readFrameworkConfiguration } from '../framework-configuration.js';
import type { Project } from './project/project.js';

/** Selects one of the configurations with which a project can start. */
export interface Start {
  /** The profile; undefined for application.yml alone. */
  readonly profile: string | undefined;
  /** The environment variables of the application, not those of the doctor. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the application would listen, and who could read its metrics. */
export interface Exposure {
  readonly host: string;
  readonly port: number;
  readonly metricsEnabled: boolean;
  readonly metricsPort: number | null;
  readonly allowedIps: readonly string[];
  /** Whether a key has a value. */
  has(key: string): boolean;
  /** The file or variable that sets a key, or `default`. */
  sourceOf(key: string): string;
}

/** The result: values and warnings, or the reason why the application would not start. */
export type ReadConfiguration = { readonly exposure: Exposure; readonly warnings: readonly string[] } | { readonly refusal: string };

const FILE = 'application.yml';
const PROFILE_FILE = /^application-([\w.-]+)\.yml$/;

/** The profiles that have a file. */
export async function profilesOf(project: Project): Promise<readonly string[]> {
  const names = await project.fileNames();
  return names.flatMap((name) => PROFILE_FILE.exec(name)?.[1] ?? []).sort();
}

/** @returns undefined if the project has no application.yml. */
export async function readConfiguration(project: Project, { profile, environment }: Start): Promise<ReadConfiguration | undefined> {
  if (!(await project.fileNames()).includes(FILE)) return undefined;
  const read = await readFrameworkConfiguration({ file: project.path(FILE), profile, environment }, exposureOf);
  return 'refusal' in read ? read : { exposure: read.value, warnings: read.warnings };
}

function exposureOf(configuration: Configuration): Exposure {
  const server = configuration.namespace('server', ServerSchema);
  const metrics = configuration.namespace('metrics', MetricsSchema);
  return {
    host: server.host,
    port: server.port,
    metricsEnabled: metrics.enabled,
    metricsPort: metrics.port,
    allowedIps: metrics.allowed_ips,
    has: (key) => configuration.get(key) !== undefined,
    sourceOf: (key) => configuration.sourceOf(key),
  };
}
