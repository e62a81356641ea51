/** Reads a project's configuration exactly as its start would: the framework itself reads and checks it. */
import { Application, type Configuration, createApplication, type Extension, isApplicationError, ServerSchema } from '@tsukimi/core';
import { instrumentationExtension, MetricsSchema } from '@tsukimi/instrumentation';
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

/** Stands for the project's own application: a start without components. */
@Application({ components: [] })
class Doctor {}

const FILE = 'application.yml';
const PROFILE_FILE = /^application-([\w.-]+)\.yml$/;

/** The profiles that have a file. */
export async function profilesOf(project: Project): Promise<readonly string[]> {
  const names = await project.fileNames();
  return names.flatMap((name) => PROFILE_FILE.exec(name)?.[1] ?? []).sort();
}

/** @returns undefined where the project has no application.yml. */
export async function readConfiguration(project: Project, { profile, environment }: Start): Promise<ReadConfiguration | undefined> {
  if (!(await project.fileNames()).includes(FILE)) return undefined;
  const warnings: string[] = [];
  let exposure: Exposure | undefined;
  const reader = readerOf((configuration) => {
    exposure = exposureOf(configuration);
  });
  try {
    const application = await createApplication(Doctor, {
      configuration: project.path(FILE),
      environment,
      ...(profile !== undefined && { profile }),
      extensions: [() => reader],
      logger: { level: 'warn', stream: { write: (line: string) => void warnings.push(messageOf(line)) } },
    });
    await application.close();
  } catch (error) {
    if (isApplicationError(error)) return { refusal: error.message };
    throw error;
  }
  return exposure && { exposure, warnings };
}

/** Instrumentation's checks of its own namespaces, without anything that measures. */
function readerOf(read: (configuration: Configuration) => void): Extension {
  return {
    name: 'doctor',
    configure: (context) => {
      instrumentationExtension().configure?.(context);
      read(context.configuration);
    },
  };
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

/** The log is JSON, one object a line. */
function messageOf(line: string): string {
  const entry = JSON.parse(line) as { readonly msg?: string };
  return entry.msg ?? line;
}
