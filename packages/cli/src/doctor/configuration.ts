/** What the checks need of a project's configuration, read exactly as its start would read it. */
import { type Configuration, ServerSchema } from '@tsukimi/core';
import { MetricsSchema } from '@tsukimi/instrumentation';
import { readFrameworkConfiguration } from '../framework-configuration.js';
import type { Project } from './project/project.js';

/** Which of the configurations a project can start with. */
export interface Start {
  /** Undefined for application.yml alone. */
  readonly profile: string | undefined;
  /** Variables that are set there; the doctor's own are not. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the application would listen, and who may read its metrics. */
export interface Exposure {
  readonly host: string;
  readonly port: number;
  readonly metricsEnabled: boolean;
  readonly metricsPort: number | null;
  readonly allowedIps: readonly string[];
  /** Whether a key has a value. */
  has(key: string): boolean;
  /** The file or variable that a key is from, or `default`. */
  sourceOf(key: string): string;
}

/** What came of reading it: values and what was odd, or why it would not start. */
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
