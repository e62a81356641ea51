/** Why a worker ended, in words. */
import { FAILURE, type StartFailure } from './own-channels.js';
import type { WorkerEnd } from './worker-processes.js';

/** Why a worker ended. */
export interface WorkerFailure {
  /** `exit code 1`, `SIGKILL`; with the reason if the primary killed it. */
  readonly how: string;
  /** The error that ended it; undefined if it did not say. */
  readonly text: string | undefined;
  /** Whether it is a mistake that another start can't fix. */
  readonly isMistake: boolean;
}

/** Why the workers can't run. */
export interface WorkersFailure extends WorkerFailure {
  /** Whether several workers in a row ended before they were ready; otherwise, the first one said that another start can't help. */
  readonly isLoop: boolean;
}

/** @param startLimitMs the limit for its start, if it was killed because of it */
export function failureOf({ code, signal, lastWords }: WorkerEnd, startLimitMs?: number): WorkerFailure {
  const ended = signal ?? `exit code ${code}`;
  const how =
    startLimitMs === undefined
      ? ended
      : `${ended}, because it did not listen within the ${startLimitMs} ms of server.worker_start_timeout_ms`;
  const told = lastWords.get(FAILURE);
  if (told === undefined) return { how, text: undefined, isMistake: false };
  const { text, isMistake } = JSON.parse(Buffer.from(told).toString()) as StartFailure;
  return { how, text, isMistake };
}
