/** Starts applications for the tests of this package, and reads what they tell of themselves. */
import { Application, type ApplicationDeclaration, type ApplicationOptions, type Class, createApplication } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { onTestFinished } from 'vitest';

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

export interface Started {
  readonly app: Application;
  /** Every line the application has logged so far. */
  readonly logs: readonly LogLine[];
  /** The messages of the warnings among them. */
  warnings(): string[];
}

/** An application class with exactly these components and no decorator but `@Application`. */
export function bareApplication(components: readonly Class[], declaration: ApplicationDeclaration = {}): Class {
  class App {}
  Application({ components, ...declaration })(App);
  return App;
}

/** The same with `@Instrumented()`. */
export function instrumentedApplication(components: readonly Class[], declaration: ApplicationDeclaration = {}): Class {
  const App = bareApplication(components, declaration);
  Instrumented()(App);
  return App;
}

/** Starts an application that reads no file and no environment, and closes it when the test is over. */
export async function start(applicationClass: Class, options: ApplicationOptions = {}): Promise<Started> {
  const logs: LogLine[] = [];
  const app = await createApplication(applicationClass, {
    configuration: {},
    environment: {},
    logger: { stream: { write: (line: string) => logs.push(JSON.parse(line)) } },
    ...options,
  });
  onTestFinished(() => app.close());
  return { app, logs, warnings: () => logs.filter(({ level }) => level === 40).map(({ msg }) => msg) };
}

/** The same, and lets it listen on a free port of the loopback unless it is configured otherwise. @returns the port as well */
export async function listen(applicationClass: Class, options: ApplicationOptions = {}): Promise<Started & { readonly port: number }> {
  const { configuration = {} } = options;
  const server = { port: 0, ...(configuration as { readonly server?: object }).server };
  const started = await start(applicationClass, { ...options, configuration: { ...(configuration as object), server } });
  await started.app.listen();
  const address = started.app.fastify.server.address();
  if (address === null || typeof address === 'string') throw new Error(`no TCP address: ${address}`);
  return { ...started, port: address.port };
}

/** What a start fails with, as `code: message`. */
export async function startFailure(applicationClass: Class, options: ApplicationOptions = {}): Promise<string> {
  try {
    await start(applicationClass, options);
  } catch (error) {
    return describeError(error);
  }
  throw new Error('it did start');
}

/** An error of ours as `code: message`. */
export function describeError(error: unknown): string {
  return error instanceof Error && 'code' in error ? `${error.code}: ${error.message}` : String(error);
}
