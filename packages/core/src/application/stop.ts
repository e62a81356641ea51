/** Stops an application: the order of the steps, and how long to wait for each. */
import type { FastifyInstance } from 'fastify';
import { loggableThrown } from '../errors/thrown.js';
import { Deadline } from './deadline.js';
import { type Connections, drain } from './drain.js';

// The time for all stop hooks if requests and tasks have used up the timeout: enough to close a connection pool.
export const HOOK_GRACE_MS = 1000;

/** A named step of the shutdown. */
export interface StopStep {
  readonly name: string;
  run(): Promise<void>;
}

/** What a stop is that leaves connections to their clients for a while. */
export interface HandOver {
  /** Resolves if connections are to be closed now. */
  readonly hurry: Promise<void>;
  /** Resolves when all connections have arrived that this process was to get. */
  connectionsArrived(): Promise<void>;
}

/** The parts to stop. */
export interface StopPlan {
  readonly fastify: FastifyInstance;
  readonly connections: Connections;
  readonly scheduler: { stop(): Promise<void>; abandonRuns(): void; readonly tasks: readonly { name: string; running: boolean }[] };
  /** Steps that run one after the other while requests are still served. */
  readonly beforeDrain: readonly StopStep[];
  /** Steps that run one after the other when requests and tasks have ended. If one fails, the others still run. */
  readonly steps: readonly StopStep[];
  readonly timeoutMs: number;
  /** Another process has begun to listen in place of this one; undefined if none has. */
  readonly handOver?: HandOver | undefined;
}

/** Stops everything. Failures are logged; the promise never rejects. @returns whether everything ended in time. */
export async function stop(plan: StopPlan): Promise<boolean> {
  const { fastify, scheduler, steps, timeoutMs } = plan;
  const deadline = new Deadline(timeoutMs);
  const server = new ServerStop(plan);
  const inTime = await deadline.waitFor(Promise.all([server.run(), guarded(fastify, 'the scheduler', () => scheduler.stop())]));
  if (!inTime) {
    cutShort(plan, server.hook);
    server.cut();
    scheduler.abandonRuns();
  }
  return (await runSteps(fastify, steps, inTime ? deadline : new Deadline(HOOK_GRACE_MS))) && inTime;
}

/** The steps before the drain, and the drain itself. */
class ServerStop {
  readonly #plan: StopPlan;
  #drained: Promise<void> | undefined;
  /** The step that is running before the drain. */
  hook: string | undefined;

  constructor(plan: StopPlan) {
    this.#plan = plan;
  }

  async run(): Promise<void> {
    const { fastify, beforeDrain, connections, handOver, timeoutMs } = this.#plan;
    const arrived = handOver && this.#stopAccepting(handOver);
    for (const { name, run } of beforeDrain) {
      if (this.#drained !== undefined) return; // the time is up, and all connections are closed
      this.hook = name;
      await guarded(fastify, name, run);
    }
    this.hook = undefined;
    // The other half of the time is for requests that are still running then.
    await arrived;
    if (handOver !== undefined) await connections.leftByClients(handOver.hurry, timeoutMs / 2);
    await this.#drain();
  }

  #stopAccepting({ connectionsArrived }: HandOver): Promise<void> {
    this.#plan.connections.stopAccepting();
    return connectionsArrived();
  }

  /** Closes all connections. Starts the drain now if an earlier step has used up the time. */
  cut(): void {
    void this.#drain();
    this.#plan.connections.closeAll();
  }

  #drain(): Promise<void> {
    const { fastify, connections } = this.#plan;
    this.#drained ??= guarded(fastify, 'the server', () => drain(fastify, connections));
    return this.#drained;
  }
}

async function runSteps(fastify: FastifyInstance, steps: readonly StopStep[], first: Deadline): Promise<boolean> {
  let deadline = first;
  let inTime = true;
  for (const { name, run } of steps) {
    if (await deadline.waitFor(guarded(fastify, name, run))) continue;
    fastify.log.error(`${name} did not stop in time; the shutdown no longer waits for it`);
    // The remaining steps still run, and share the grace time.
    if (inTime) deadline = new Deadline(HOOK_GRACE_MS);
    inTime = false;
  }
  return inTime;
}

function cutShort({ fastify, connections, scheduler, timeoutMs }: StopPlan, hook: string | undefined): void {
  const tasks = scheduler.tasks.filter(({ running }) => running).map(({ name }) => name);
  const message = `still running after server.shutdown_timeout_ms (${timeoutMs} ms); closing all connections`;
  fastify.log.error({ connections: connections.count, tasks, ...(hook !== undefined && { hook }) }, message);
}

async function guarded(fastify: FastifyInstance, name: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    fastify.log.error({ err: loggableThrown(error) }, `${name} failed to stop`);
  }
}
