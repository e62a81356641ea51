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
let runsWorkers = false;
let runsAnApplication = false;

/**
 * Whether this process is to be the primary of an application.
 * @throws TSK_ERR_WORKER_SECOND_APPLICATION, TSK_ERR_WORKER_PROGRAM
 */
export function isPrimary({ server: { workers }, app, warnings }: LoadedConfiguration): boolean {
  if (runsWorkers) return true;
  const count = workerCount(workers);
  if (count > 1 && !cluster.isWorker && isMainThread) {
    if (runsAnApplication) throw secondApplication(app.name, count);
    if (process.argv[1] === undefined) throw noProgramFile();
    return true;
  }
  if (count > 1) {
    const what = isMainThread ? 'a worker of another program' : 'a worker thread';
    warnings.add(`server.workers is ${workers}, but this process is ${what}: the application runs in this process only`);
  }
  runsAnApplication = true;
  return false;
}

/** Runs the workers, and exits when they have ended. */
export async function runWorkers(
  applicationClass: Class,
  start: StartOptions & { readonly loaded: LoadedConfiguration },
  requests: StopRequests,
): Promise<never> {
  if (runsWorkers) {
    // The workers run the other application of this program too.
    requests.remove();
    return await new Promise(() => undefined);
  }
  runsWorkers = true;
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
