/** Decides whether a process runs its application itself or in workers, and runs the workers. */
import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import type { Class } from '../components/definition.js';
import { crashLoop, noProgramFile, secondApplication } from '../workers/errors.js';
import { workerCount } from '../workers/worker-count.js';
import { assemblePrimary, type StartOptions } from './create-application.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { type PrimaryEnd, runPrimary } from './run-primary.js';
import type { StopRequests } from './stop-signals.js';
import { oneLine } from './uncaught-mistakes.js';

// A process has one set of workers, which run the whole program.
let isRunning: 'nothing' | 'an application' | 'workers' = 'nothing';
let decided: Promise<unknown> = Promise.resolve();

/** Where an application of this program runs: in this process, in workers of this process, or in those that another application has started. */
export type Place = 'here' | 'in workers' | 'in workers that run already';

/** Runs `decide` when the applications that the program has run before have been decided about. */
export function inOrder<T>(decide: () => Promise<T>): Promise<T> {
  const decision = decided.then(decide);
  decided = decision.catch(() => undefined);
  return decision;
}

/** @throws TSK_ERR_WORKER_SECOND_APPLICATION, TSK_ERR_WORKER_PROGRAM */
export function placeOf({ server: { workers }, app, warnings }: LoadedConfiguration): Place {
  if (isRunning === 'workers') return 'in workers that run already';
  const count = workerCount(workers);
  if (count > 1 && !cluster.isWorker && isMainThread) {
    if (isRunning === 'an application') throw secondApplication(app.name, count);
    if (process.argv[1] === undefined) throw noProgramFile();
    isRunning = 'workers';
    return 'in workers';
  }
  if (count > 1) {
    const what = isMainThread ? 'a worker of another program' : 'a worker thread';
    warnings.add(`server.workers is ${workers}, but this process is ${what}: the application runs in this process only`);
  }
  isRunning = 'an application';
  return 'here';
}

/** Runs the workers, and exits when they have ended. */
export async function runWorkers(
  applicationClass: Class,
  start: StartOptions & { readonly loaded: LoadedConfiguration },
  requests: StopRequests,
): Promise<never> {
  const { loaded } = start;
  const { extensions, logger } = await assemblePrimary(applicationClass, start);
  const count = workerCount(loaded.server.workers);
  const end = await runPrimary({ applicationClass, loaded, extensions, logger, count, requests });
  if (end.failure !== undefined) process.stderr.write(`${describeFailure(end.failure)}\n`);
  process.exit(end.failure === undefined && end.inOrder ? 0 : 1);
}

// A mistake at the first start is told like that of a single process.
function describeFailure(failure: NonNullable<PrimaryEnd['failure']>): string {
  const { isLoop, text, how } = failure;
  if (!isLoop) return text ?? how;
  return `${oneLine(crashLoop({ how, text }))}${text === undefined ? '' : `\n${text}`}`;
}
