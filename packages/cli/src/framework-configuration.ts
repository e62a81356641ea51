/** Reads the configuration of a project exactly like its start, with the framework's own code. */
import { Application, type Configuration, createApplication, type Extension, isApplicationError } from '@tsukimi/core';
import { instrumentationExtension } from '@tsukimi/instrumentation';

/** Selects a configuration of a project. */
export interface ConfigurationSource {
  /** The path of application.yml. */
  readonly file: string;
  /** The profile; undefined for that file alone. */
  readonly profile: string | undefined;
  /** The environment variables of the application, not those of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The result: values and warnings, or the message of the error with which the start would fail. */
export type ConfigurationRead<T> = { readonly value: T; readonly warnings: readonly string[] } | { readonly refusal: string };

/** Replaces the project's own application: it has no components. */
@Application({ components: [] })
class ConfigurationReader {}

/** @param take reads values while the configuration is open */
export async function readFrameworkConfiguration<T>(
  { file, profile, environment }: ConfigurationSource,
  take: (configuration: Configuration) => T,
): Promise<ConfigurationRead<T>> {
  const warnings: string[] = [];
  const taken: T[] = [];
  try {
    const application = await createApplication(ConfigurationReader, {
      configuration: file,
      environment,
      ...(profile !== undefined && { profile }),
      extensions: [() => readerOf((configuration) => void taken.push(take(configuration)))],
      logger: { level: 'warn', stream: { write: (line: string) => void warnings.push(messageOf(line)) } },
    });
    await application.close();
  } catch (error) {
    if (isApplicationError(error)) return { refusal: error.message };
    throw error;
  }
  return { value: taken[0] as T, warnings };
}

/** Runs instrumentation's checks of its namespaces without measuring anything. */
function readerOf(read: (configuration: Configuration) => void): Extension {
  return {
    name: 'configuration-reader',
    configure: async (context) => {
      await instrumentationExtension().configure?.(context);
      read(context.configuration);
    },
  };
}

/** The log is JSON, one object a line. */
function messageOf(line: string): string {
  const entry = JSON.parse(line) as { readonly msg?: string };
  return entry.msg ?? line;
}
