/** Which worker this process is: the primary says so in an environment variable. */
import cluster from 'node:cluster';
import { isMainThread } from 'node:worker_threads';

/** A worker, as its primary made it. */
export interface WorkerIdentity {
  /** The slot, from 1 to the number of workers. A worker that replaces another one has the same. */
  readonly worker: number;
  /** A number that no other process of this application has or had; later ones are greater. */
  readonly incarnation: number;
  /** The file for its last words. */
  readonly lastWords: string;
  /** The folder of that file. */
  readonly folder: string;
}

// Without the prefix TSUKIMI_, because such variables set keys of the configuration.
const VARIABLE = '_TSUKIMI_WORKER';

/** The environment that makes a process a worker. */
export function environmentOf(identity: WorkerIdentity): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(identity) };
}

/** Takes the identity out of the environment, so that no other program that this process starts has it. */
export function takeIdentity(): WorkerIdentity | undefined {
  const text = process.env[VARIABLE];
  if (text === undefined || !isMainThread) return undefined;
  delete process.env[VARIABLE];
  return cluster.isWorker ? (JSON.parse(text) as WorkerIdentity) : undefined;
}
