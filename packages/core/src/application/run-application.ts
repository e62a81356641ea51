/** `runApplication`: runs a program from its start to its exit code. */

import type { Class } from '../components/definition.js';
import { isApplicationError } from '../errors/application-error.js';
import { thrownMessage, thrownStack } from '../errors/thrown.js';
import { nameOf } from '../errors/wording.js';
import { type ThisWorker, thisWorker } from '../workers/this-worker.js';
import type { Application, ApplicationOptions } from './application.js';
import { checkDeclaration, checkOptions } from './check-options.js';
import { type StartOptions, startApplication, startingFiles } from './create-application.js';
import { loadConfiguration } from './load-configuration.js';
import { isStartedByScan } from './pending-imports.js';
import { stopLimitOf } from './run-primary.js';
import { inOrder, placeOf, runWorkers } from './run-workers.js';
import type { RunningApplication } from './running-application.js';
import { type StopRequest, type StopRequests, StopSignals } from './stop-signals.js';
import { oneLine } from './uncaught-mistakes.js';
import { WorkerRequests } from './worker-requests.js';

// How long other work may keep the process alive after the application has stopped.
const EXIT_GRACE_MS = 1000;

/**
 * Starts an application, listens, and stops on SIGTERM and SIGINT. A second signal, more than a second later, exits at once. A
 * signal during the start takes effect when the start is complete: the application then stops in order.
 *
 * If the start fails, the process exits with code 1. Mistakes in configuration or wiring are printed as one line with the fix, other errors with
 * their stack. After a signal the exit code is 0, or 1 if the shutdown took too long.
 *
 * With `server.workers`, this process becomes the primary, which runs the program again in each worker. The promise then resolves in the workers
 * only, so what follows runs where the application does.
 */
export async function runApplication(applicationClass: Class, options: ApplicationOptions = {}): Promise<Application> {
  if (isStartedByScan(applicationClass, true)) return await new Promise(() => undefined);
  const worker = thisWorker();
  // Before anything else, because signals do not end the first process of a container if it has no handlers.
  const requests = stopRequests(worker, ({ reason }) => {
    if (worker !== undefined) return; // the primary has said that it stops
    process.stderr.write(`${reason}: ${nameOf(applicationClass)} is still starting and will stop when the start is complete\n`);
  });
  worker?.begins();
  try {
    checkOptions('runApplication', options);
    checkDeclaration(applicationClass);
    const startedIn = startingFiles(applicationClass, runApplication);
    const { loaded, place } = await inOrder(async () => {
      const read = await loadConfiguration(applicationClass, options);
      return { loaded: read, place: worker === undefined ? placeOf(read) : 'here' };
    });
    const start: StartOptions = { ...options, replace: [], startedIn, loaded, worker, duty: worker?.tasks.join() };
    if (place === 'in workers') return await runWorkers(applicationClass, { ...start, loaded }, requests);
    if (place === 'in workers that run already') {
      requests.remove();
      return await new Promise(() => undefined);
    }
    const application = await startApplication(applicationClass, start);
    application.onStopped(() => {
      requests.remove();
      worker?.stopped(requests.received);
    });
    if (!requests.received) await listenOrClose(application);
    worker?.listens(stopLimitOf(loaded.server));
    if (requests.received) process.exit((await application.stop()) ? 0 : 1);
    requests.redirect((request) => stopAndLeave(application, { ...request, worker }));
    return application;
  } catch (error) {
    const text = describeError(error);
    if (worker === undefined) process.stderr.write(`${text}\n`);
    else worker.failed({ text, isMistake: isApplicationError(error) });
    process.exit(1);
  }
}

function stopRequests(worker: ThisWorker | undefined, act: (request: StopRequest) => void): StopRequests {
  return worker === undefined ? new StopSignals(act) : new WorkerRequests(worker, act);
}

async function listenOrClose(application: RunningApplication): Promise<void> {
  try {
    await application.listen();
  } catch (error) {
    await application.close();
    throw error;
  }
}

function stopAndLeave(application: RunningApplication, request: StopRequest & { readonly worker: ThisWorker | undefined }): void {
  const { reason, isReplaced, isOrphaned, worker } = request;
  application.logger.info(`${reason}: ${application.name} is stopping`);
  const stop = (): Promise<boolean> => {
    if (isOrphaned === true) return application.stop();
    return isReplaced && worker !== undefined ? application.handOver(() => worker.connectionsArrived()) : application.stopAfterDelay();
  };
  void stop().then(leave);
}

// The process usually ends by itself. If other work keeps it alive for longer than the grace time, exit.
function leave(inTime: boolean): void {
  const code = inTime ? 0 : 1;
  process.exitCode = code;
  setTimeout(() => process.exit(code), EXIT_GRACE_MS).unref();
}

function describeError(error: unknown): string {
  return isApplicationError(error) ? oneLine(error) : `error ${thrownStack(error) ?? thrownMessage(error)}`;
}
