/** Reads the name, the port and the metrics settings of an application, with the profile of the container. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppSchema, type Configuration, ServerSchema } from '@tsukimi/core';
import type { DashboardNaming } from '@tsukimi/dashboards';
import { MetricsSchema } from '@tsukimi/instrumentation';
import { readFrameworkConfiguration } from '../framework-configuration.js';
import { invalidPort, unreadableConfiguration } from './errors.js';

export interface ApplicationSettings {
  readonly name: string;
  readonly port: number;
  readonly metricsPath: string;
  readonly metricsPort: number;
  /** The allowlist of the metrics; empty if everyone can read them. */
  readonly allowedIps: readonly string[];
  /** Which names of requests dashboard and rules ask for. */
  readonly naming: DashboardNaming;
}

const FILE = 'application.yml';
/** The Dockerfile sets the profile production. */
const PROFILE = 'production';
const PROFILE_FILE = `application-${PROFILE}.yml`;

const DEFAULTS: Omit<ApplicationSettings, 'name'> = {
  port: 8000,
  metricsPath: '/metrics',
  metricsPort: 8000,
  allowedIps: [],
  naming: 'tsukimi',
};

/**
 * Reads the settings from the files of a folder, or returns the framework's defaults if there are none.
 * @throws CommandError `TSK_ERR_COMPOSE_CONFIGURATION`
 */
export async function readApplicationSettings(folder: string): Promise<ApplicationSettings> {
  const [hasFile, hasProfile] = await Promise.all([FILE, PROFILE_FILE].map((name) => exists(join(folder, name))));
  if (!hasFile && !hasProfile) return { ...DEFAULTS, name: basename(folder) };
  const file = join(folder, hasFile ? FILE : PROFILE_FILE);
  const profile = hasFile && hasProfile ? PROFILE : undefined;
  const read = await readFrameworkConfiguration({ file, profile, environment: {} }, (configuration) => settingsOf(configuration, folder));
  if ('refusal' in read) throw unreadableConfiguration(folder, read.refusal);
  const { settings, anyPort } = read.value;
  if (anyPort !== undefined) throw invalidPort(anyPort.key, anyPort.source);
  return settings;
}

interface Read {
  readonly settings: ApplicationSettings;
  /** The key of a port that is 0, and where it is set. */
  readonly anyPort: { readonly key: string; readonly source: string } | undefined;
}

function settingsOf(configuration: Configuration, folder: string): Read {
  const server = configuration.namespace('server', ServerSchema);
  const metrics = configuration.namespace('metrics', MetricsSchema);
  const key = server.port === 0 ? 'server.port' : 'metrics.port';
  const settings: ApplicationSettings = {
    name: nameIn(configuration) ?? basename(folder),
    port: server.port,
    metricsPath: metrics.path,
    metricsPort: metrics.port ?? server.port,
    allowedIps: metrics.allowed_ips,
    naming: metrics.naming === 'otel' ? 'otel' : 'tsukimi',
  };
  return { settings, anyPort: server.port === 0 || metrics.port === 0 ? { key, source: configuration.sourceOf(key) } : undefined };
}

/** The name of the application in a file; undefined if no file sets it. */
function nameIn(configuration: Configuration): string | undefined {
  return configuration.sourceOf('app.name') === '@Application' ? undefined : configuration.namespace('app', AppSchema).name;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
