/** Name, port and metrics of an application, from its configuration as the container will read it. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { mappingOf } from '../mapping.js';
import { invalidValue, unreadableConfiguration } from './errors.js';

export interface ApplicationSettings {
  readonly name: string;
  readonly port: number;
  readonly metricsPath: string;
  readonly metricsPort: number;
  /** Empty where everybody may read them. */
  readonly allowedIps: readonly string[];
}

/** The Dockerfile sets the profile production; a later file wins. */
const FILES = ['application.yml', 'application-production.yml'] as const;

/** What a key may be, and what it is where no file has it. */
interface Setting<T> {
  readonly key: string;
  readonly allowed: string;
  readonly fits: (value: unknown) => value is T;
}

const isPort = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isPath = (value: unknown): value is string => typeof value === 'string' && /^(?:\/[\w.~-]+)+$/.test(value);

const NAME: Setting<string> = { key: 'app.name', allowed: 'a text', fits: isName };
const PORT: Setting<number> = { key: 'server.port', allowed: 'a port from 1 to 65535', fits: isPort };
const METRICS_PORT: Setting<number> = { key: 'metrics.port', allowed: 'a port from 1 to 65535, or null', fits: isPort };
const ALLOWED_IPS: Setting<readonly string[]> = { key: 'metrics.allowed_ips', allowed: 'a list of addresses', fits: isTexts };
const METRICS_PATH: Setting<string> = { key: 'metrics.path', allowed: 'a path such as /metrics', fits: isPath };

/**
 * Reads the files of a folder; where there are none, the framework's defaults.
 * @throws CommandError `TSK_ERR_COMPOSE_CONFIGURATION`, `TSK_ERR_CONFIGURATION_VALUE`
 */
export async function readApplicationSettings(folder: string): Promise<ApplicationSettings> {
  const sources: Source[] = [];
  for (const file of FILES) sources.unshift({ path: join(folder, file), content: await readYaml(join(folder, file)) });
  const port = find(sources, PORT) ?? 8000;
  return {
    name: find(sources, NAME) ?? basename(folder),
    port,
    metricsPath: find(sources, METRICS_PATH) ?? '/metrics',
    metricsPort: find(sources, METRICS_PORT) ?? port,
    allowedIps: find(sources, ALLOWED_IPS) ?? [],
  };
}

interface Source {
  readonly path: string;
  readonly content: unknown;
}

function find<T>(sources: readonly Source[], { key, allowed, fits }: Setting<T>): T | undefined {
  for (const { path, content } of sources) {
    const value = at(content, key.split('.'));
    if (value === undefined) continue;
    if (value === null) return undefined;
    if (!fits(value)) throw invalidValue({ path, key, value, allowed });
    return value;
  }
  return undefined;
}

function at(content: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => mappingOf(inner)?.[key], content);
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'), { logLevel: 'error' });
  } catch (error) {
    // A folder that is none is told of when it is written to.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw unreadableConfiguration(path, error);
  }
}
