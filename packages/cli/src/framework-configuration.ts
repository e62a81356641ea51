/** Reads the configuration of a project exactly as its start would: the framework itself reads and checks it. */
import { Application, type Configuration, createApplication, type Extension, isApplicationError } from '@tsukimi/core';
import { instrumentationExtension } from '@tsukimi/instrumentation';

/** Which configuration of a project is read. */
export interface ConfigurationSource {
  /** The path of application.yml. */
  readonly file: string;
  /** Undefined for that file alone. */
  readonly profile: string | undefined;
  /** Variables that are set there; those of this process are not. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What came of reading it: values and warnings, or the message of the error with which the application would not start. */
export type ConfigurationRead<T> = { readonly value: T; readonly warnings: readonly string[] } | { readonly refusal: string };

/** Stands for the project's own application: a start without components. */
@Application({ components: [] })
class ConfigurationReader {}

/** @param take takes what it needs while the configuration is open */
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

/** Instrumentation's checks of its own namespaces, without anything that measures. */
function readerOf(read: (configuration: Configuration) => void): Extension {
  return {
    name: 'configuration-reader',
    configure: (context) => {
      instrumentationExtension().configure?.(context);
      read(context.configuration);
    },
  };
}

/** The log is JSON, one object a line. */
function messageOf(line: string): string {
  const entry = JSON.parse(line) as { readonly msg?: string };
  return entry.msg ?? line;
}
