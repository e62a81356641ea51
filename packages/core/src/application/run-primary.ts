/** Runs the primary process of an application with several workers: its extensions, its signals and its end. */
import type { FastifyBaseLogger } from 'fastify';
import type { Class } from '../components/definition.js';
import type { CheckedServerConfiguration } from '../configuration/server-configuration.js';
import { loggableThrown } from '../errors/thrown.js';
import { Primary } from '../workers/primary.js';
import type { WorkersFailure } from '../workers/worker-failure.js';
import type { PrimaryHost } from '../workers/worker-processes.js';
import { Deadline } from './deadline.js';
import type { ExtensionHost } from './extension-host.js';
import { HangUps } from './hang-ups.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { HOOK_GRACE_MS } from './stop.js';
import type { StopRequests } from './stop-signals.js';

// How long a worker may take to exit after its application has stopped, and for its messages to arrive.
const EXIT_MS = 2000;

/** What a primary is run with. */
export interface PrimaryRun {
  readonly applicationClass: Class;
  readonly loaded: LoadedConfiguration;
  readonly extensions: ExtensionHost;
  readonly logger: FastifyBaseLogger;
  /** The number of workers. */
  readonly count: number;
  readonly requests: StopRequests;
}

/** How long the stop of a worker takes at most, in milliseconds. */
export function stopLimitOf({ shutdown_delay_ms, shutdown_timeout_ms }: CheckedServerConfiguration): number {
  return shutdown_delay_ms + shutdown_timeout_ms + HOOK_GRACE_MS + EXIT_MS;
}

/** How the primary ended. */
export interface PrimaryEnd {
  /** Whether all workers stopped in order. */
  readonly inOrder: boolean;
  /** Why the workers can't run; undefined if they were asked to stop. */
  readonly failure: WorkersFailure | undefined;
}

/** Runs the workers until they have all ended. Rejects with what a step of an extension throws. */
export async function runPrimary(run: PrimaryRun): Promise<PrimaryEnd> {
  const { applicationClass, loaded, extensions, logger, count, requests } = run;
  const { name } = loaded.app;
  const primary = new Primary({
    name,
    logger,
    count,
    stopLimitMs: stopLimitOf(loaded.server),
    startLimitMs: loaded.server.worker_start_timeout_ms,
  });
  const stops: (() => void | Promise<void>)[] = [];
  const host: PrimaryHost = {
    name,
    applicationClass,
    configuration: loaded.configuration,
    logger,
    workers: primary,
    onStop: (stop) => stops.push(stop),
  };
  let failure: WorkersFailure | undefined;
  const hangUps = new HangUps((isTerminalClosed) => {
    if (isTerminalClosed) void primary.stop('SIGHUP');
    else void primary.roll('SIGHUP');
  });
  try {
    await extensions.primary(host);
    if (!requests.received) {
      logger.info(`${name} starts ${count} workers`);
      const running = primary.run();
      requests.redirect(({ reason }) => {
        logger.info(`${reason}: ${name} is stopping`);
        void primary.stop(reason);
      });
      failure = await running;
      if (failure !== undefined) await primary.stop('another worker could not start');
    }
  } finally {
    hangUps.remove();
    await runStops(stops, loaded, logger);
  }
  return { failure, inOrder: primary.endedInOrder };
}

async function runStops(
  stops: readonly (() => void | Promise<void>)[],
  { server }: LoadedConfiguration,
  logger: FastifyBaseLogger,
): Promise<void> {
  const deadline = new Deadline(server.shutdown_timeout_ms);
  for (const stop of stops.toReversed()) {
    const ended = Promise.resolve()
      .then(stop)
      .catch((error: unknown) => logger.error({ err: loggableThrown(error) }, 'a part of the primary failed to stop'));
    if (!(await deadline.waitFor(ended))) logger.error('a part of the primary did not stop in time; the shutdown no longer waits for it');
  }
}
