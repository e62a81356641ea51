/** Short ways to start an application in a test, and to look at how a start fails. */
import { Application, type ApplicationDeclaration, type ApplicationOptions, type Class, createApplication } from '@tsukimi/core';
import { onTestFinished } from 'vitest';

/** An application class with exactly these components. */
export function applicationOf(components: readonly Class[], declaration: ApplicationDeclaration = {}): Class {
  class App {}
  Application({ components, ...declaration })(App);
  return App;
}

/** Starts an application that reads no file and no environment, and closes it when the test is over. */
export async function start(applicationClass: Class, options: ApplicationOptions = {}): Promise<Application> {
  const application = await createApplication(applicationClass, { configuration: {}, environment: {}, logger: false, ...options });
  onTestFinished(() => application.close());
  return application;
}

/** What a start fails with, as `code: message`. */
export async function startFailure(applicationClass: Class, options: ApplicationOptions = {}): Promise<string> {
  return describeError(await rejection(start(applicationClass, options)));
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}

/** An error of ours as `code: message`. */
export function describeError(error: unknown): string {
  return error instanceof Error && 'code' in error ? `${error.code}: ${error.message}` : String(error);
}

/** A stream for `logger: { stream }` that keeps what was logged. */
export function logSink(): {
  readonly logger: { stream: { write(line: string): void } };
  readonly lines: { level: number; msg: string }[];
} {
  const lines: { level: number; msg: string }[] = [];
  return { lines, logger: { stream: { write: (line) => lines.push(JSON.parse(line)) } } };
}

/** The messages of the warnings that were logged. */
export function warningsIn(lines: readonly { level: number; msg: string }[]): string[] {
  return lines.filter(({ level }) => level === 40).map(({ msg }) => msg);
}
