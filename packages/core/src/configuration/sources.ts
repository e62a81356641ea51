/** Reads the sources of configuration: files or an object, then the environment. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigurationValue } from './configuration.js';
import { type Environment, PROFILE_VARIABLE } from './environment.js';
import { configurationMissing, unknownProfile } from './errors.js';
import { unfoldKeys } from './flat-keys.js';
import type { WrittenMapping } from './written-value.js';
import { readYamlFile, shortPath } from './yaml-file.js';

/** The options for an application's configuration. */
export interface ConfigurationOptions {
  /**
   * The path of the file to read, or the configuration itself as an object, in which case no file is read.
   * @default 'application.yml' in the working directory
   */
  readonly configuration?: string | URL | { readonly [key: string]: ConfigurationValue };
  /**
   * The active profile.
   * @default the environment variable `TSUKIMI_PROFILE`
   */
  readonly profile?: string;
  /**
   * The environment variables.
   * @default process.env
   */
  readonly environment?: Environment;
}

/** One source, and its name in messages. */
export interface Layer {
  readonly name: string;
  readonly values: WrittenMapping;
  /** The line of a value, from 1; undefined if the source has no lines. */
  lineOf?(path: readonly string[]): number | undefined;
}

/** The sources in order of precedence; later ones override earlier ones. */
export interface Sources {
  readonly profile: string | undefined;
  readonly layers: readonly Layer[];
  readonly environment: Environment;
}

const DEFAULT_FILE = 'application.yml';
const OPTION = 'configuration option';

/**
 * Reads the sources of configuration.
 * @throws TSK_ERR_CONFIGURATION_MISSING, TSK_ERR_CONFIGURATION_PROFILE, TSK_ERR_CONFIGURATION_KEY and what reading a file throws.
 */
export async function readSources(options: ConfigurationOptions = {}): Promise<Sources> {
  const { configuration = DEFAULT_FILE, environment = process.env } = options;
  // In a shell or a compose file, an empty variable means that there is no profile.
  const profile = (options.profile ?? environment[PROFILE_VARIABLE]) || undefined;
  const layers =
    typeof configuration === 'string' || configuration instanceof URL
      ? await readFiles(configuration, profile)
      : [{ name: OPTION, values: unfoldKeys(configuration, { source: OPTION, where: () => OPTION }) }];
  return { profile, layers, environment };
}

async function readFiles(file: string | URL, profile: string | undefined): Promise<Layer[]> {
  const path = resolve(file instanceof URL ? fileURLToPath(file) : file);
  const read = await readYamlFile(path);
  if (read === undefined) throw configurationMissing(path);
  const base: Layer = { name: basename(path), ...read };
  return profile === undefined ? [base] : [base, await readProfile(path, profile)];
}

async function readProfile(path: string, profile: string): Promise<Layer> {
  const name = profileFileName(path, profile);
  // Only names are allowed, because a path could reach a file outside the folder.
  const read = /^[\w.-]+$/.test(profile) ? await readYamlFile(join(dirname(path), name)) : undefined;
  if (read === undefined)
    throw unknownProfile({ profile, file: shortPath(join(dirname(path), name)), existing: await existingProfiles(path) });
  return { name, ...read };
}

async function existingProfiles(path: string): Promise<string[]> {
  const [before, after] = profileFileName(path, '\0').split('\0') as [string, string];
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
    .map((name) => name.slice(before.length, name.length - after.length))
    .sort();
}

function profileFileName(path: string, profile: string): string {
  const extension = extname(path);
  return `${basename(path, extension)}-${profile}${extension}`;
}
