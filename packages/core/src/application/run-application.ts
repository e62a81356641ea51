/** `runApplication`: runs a program from its start to its exit code. */

import type { Class } from '../components/definition.js';
import { isApplicationError } from '../errors/application-error.js';
import { thrownMessage, thrownStack } from '../errors/thrown.js';
import { nameOf } from '../errors/wording.js';
import type { Application, ApplicationOptions } from './application.js';
import { checkDeclaration, checkOptions } from './check-options.js';
import { startApplication, startingFiles } from './create-application.js';
import { isStartedByScan } from './pending-imports.js';
import type { RunningApplication } from './running-application.js';
import { StopSignals } from './stop-signals.js';
import { oneLine } from './uncaught-mistakes.js';

// How long other work may keep the process alive after the application has stopped.
const EXIT_GRACE_MS = 1000;

/**
 * Starts an application, listens, and stops on SIGTERM and SIGINT. A second signal, more than a second later, exits at once. A
 * signal during the start takes effect when the start is complete: the application then stops in order.
 *
 * If the start fails, the process exits with code 1. Mistakes in configuration or wiring are printed as one line with the fix, other errors with
 * their stack. After a signal the exit code is 0, or 1 if the shutdown took too long.
 */
export async function runApplication(applicationClass: Class, options: ApplicationOptions = {}): Promise<Application> {
  if (isStartedByScan(applicationClass, true)) return await new Promise(() => undefined);
  // Before anything else, because signals do not end the first process of a container if it has no handlers.
  const signals = new StopSignals((signal) => {
    process.stderr.write(`${signal}: ${nameOf(applicationClass)} is still starting and will stop when the start is complete\n`);
  });
  try {
    checkOptions('runApplication', options);
    checkDeclaration(applicationClass);
    const startedIn = startingFiles(applicationClass, runApplication);
    const application = await startApplication(applicationClass, { ...options, replace: [], startedIn });
    application.onStopped(() => signals.remove());
    if (!signals.received) await listenOrClose(application);
    if (signals.received) process.exit((await application.stop()) ? 0 : 1);
    signals.redirect((signal) => stopAndLeave(application, signal));
    return application;
  } catch (error) {
    printError(error);
    process.exit(1);
  }
}

async function listenOrClose(application: RunningApplication): Promise<void> {
  try {
    await application.listen();
  } catch (error) {
    await application.close();
    throw error;
  }
}

function stopAndLeave(application: RunningApplication, signal: NodeJS.Signals): void {
  application.logger.info(`${signal}: ${application.name} is stopping`);
  void application.stopAfterDelay().then(leave);
}

// The process usually ends by itself. If other work keeps it alive for longer than the grace time, exit.
function leave(inTime: boolean): void {
  const code = inTime ? 0 : 1;
  process.exitCode = code;
  setTimeout(() => process.exit(code), EXIT_GRACE_MS).unref();
}

function printError(error: unknown): void {
  process.stderr.write(`${isApplicationError(error) ? oneLine(error) : withStack(error)}\n`);
}

function withStack(error: unknown): string {
  return `error ${thrownStack(error) ?? thrownMessage(error)}`;
}
