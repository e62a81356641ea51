/** The errors of running an application in several processes. */
import { ApplicationError } from '../errors/application-error.js';
import { CRASH_LOOP_LENGTH } from './restart-policy.js';

/** The other process did not answer within the limit. */
export function answerLate(to: string, channel: string, timeoutMs: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WORKER_TIMEOUT',
    `${to} did not answer on the channel ${channel} within ${timeoutMs} ms. Its event loop may be blocked: go on without the answer, or ask again.`,
  );
}

/** The other process has ended, or there is none. */
export function processEnded(to: string, channel: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WORKER_ENDED',
    `${to} has ended and does not answer on the channel ${channel}. Go on without the answer; the primary starts workers that have ended again.`,
  );
}

/** The other process has no handler for the channel, or its handler failed. */
export function handlerFailed(found: { to: string; channel: string; failure: string }): ApplicationError {
  const { to, channel, failure } = found;
  return new ApplicationError(
    'TSK_ERR_WORKER_HANDLER',
    `${to} could not answer on the channel ${channel}: ${failure}. Register a handler with onAsked before you ask, and fix what it throws.`,
  );
}

/** The extension asks on a channel that has a handler already. */
export function channelTaken(channel: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WORKER_CHANNEL',
    `onAsked was called twice for the channel ${channel}. A channel has one handler: use a name of your own.`,
  );
}

/** Workers end again and again before they are ready. */
export function crashLoop(failure: { how: string; text: string | undefined }): ApplicationError {
  const { how, text } = failure;
  const cause = text === undefined ? 'See what it wrote above' : `The last one failed with: ${text.split('\n', 1)[0]}`;
  return new ApplicationError(
    'TSK_ERR_WORKER_CRASH_LOOP',
    `${CRASH_LOOP_LENGTH} workers in a row ended before they were ready, the last one with ${how}. ${cause}. Fix the cause, and start the application again.`,
  );
}

/** The program has no file that workers could run. */
export function noProgramFile(): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WORKER_PROGRAM',
    'server.workers is more than 1, but the program was not started from a file, so its workers have nothing to run. Start it with node <file>, or set server.workers to 1.',
  );
}

/** The process runs another application already. */
export function secondApplication(name: string, workers: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WORKER_SECOND_APPLICATION',
    `server.workers of ${name} is ${workers}, but this process already runs another application, which the workers would run too. Give each application its own program, or start ${name} first.`,
  );
}
