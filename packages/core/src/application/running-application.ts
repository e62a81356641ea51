/** The object that `createApplication` returns. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ComponentContainer } from '../components/container.js';
import type { Token } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { ServerConfiguration } from '../configuration/schema.js';
import type { ApplicationHealth } from '../health/application-health.js';
import { secondaryServers } from '../private-api/fastify.js';
import type { TaskScheduler } from '../scheduling/task-scheduler.js';
import { listenOn } from '../web/listen.js';
import type { Application } from './application.js';
import { Deadline } from './deadline.js';
import type { Connections } from './drain.js';
import { applicationClosed } from './errors.js';
import type { HandOver } from './stop.js';

/** What a running application is made of. */
export interface RunningParts {
  readonly name: string;
  readonly fastify: FastifyInstance;
  readonly connections: Connections;
  readonly configuration: Configuration;
  readonly server: ServerConfiguration;
  readonly scheduler: TaskScheduler;
  readonly health: ApplicationHealth;
  readonly container: ComponentContainer;
  /** Stops everything. @returns whether everything stopped in time. */
  stop(handOver?: HandOver): Promise<boolean>;
}

/** Listens, and stops once. */
export class RunningApplication implements Application {
  readonly #parts: RunningParts;
  #listening: Promise<string> | undefined;
  #stopping: Promise<boolean> | undefined;
  #hasStopped = false;
  #endDelay: () => void = () => undefined;
  #endHandOver: () => void = () => undefined;
  readonly #onStopped: (() => void)[] = [];
  readonly inject: FastifyInstance['inject'];

  constructor(parts: RunningParts) {
    this.#parts = parts;
    // Fastify's method needs its `this`.
    this.inject = parts.fastify.inject.bind(parts.fastify);
  }

  get name(): string {
    return this.#parts.name;
  }

  get fastify(): FastifyInstance {
    return this.#parts.fastify;
  }

  get configuration(): Configuration {
    return this.#parts.configuration;
  }

  get logger(): FastifyBaseLogger {
    return this.#parts.fastify.log;
  }

  get scheduler(): TaskScheduler {
    return this.#parts.scheduler;
  }

  get health(): ApplicationHealth {
    return this.#parts.health;
  }

  resolve<T>(token: Token<T>): T {
    return this.#parts.container.resolve(token);
  }

  listen(): Promise<string> {
    if (this.#stopping !== undefined) return Promise.reject(applicationClosed('listen()'));
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  async close(): Promise<void> {
    await this.stop();
  }

  /** Like `close`. @returns whether everything ended in time. */
  stop(): Promise<boolean> {
    this.#parts.health.stopping();
    this.#endDelay();
    this.#endHandOver();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /**
   * Stops after another process has begun to listen on the same port: accepts no connections any more, but serves requests on those that clients keep
   * open, and closes each with its next response. `stop` cuts that short.
   * @param connectionsArrived resolves when all connections have arrived that this process was to get
   * @returns whether everything ended in time
   */
  handOver(connectionsArrived: () => Promise<void>): Promise<boolean> {
    const hurry = new Promise<void>((resolve) => {
      this.#endHandOver = resolve;
    });
    this.#stopping ??= this.#stop({ hurry, connectionsArrived });
    return this.#stopping;
  }

  /**
   * Stops as a signal asks to: is not ready from now on, serves requests for `server.shutdown_delay_ms`, so that balancers can notice it, and stops.
   * @returns whether everything ended in time
   */
  async stopAfterDelay(): Promise<boolean> {
    const { health, server, connections } = this.#parts;
    const { shutdown_delay_ms: delayMs } = server;
    if (delayMs > 0 && this.#stopping === undefined) {
      health.stopping();
      connections.closeAfterResponses();
      const stopped = new Promise<void>((resolve) => {
        this.#endDelay = resolve;
      });
      await new Deadline(delayMs).waitFor(stopped);
    }
    return await this.stop();
  }

  /** Calls back once everything has stopped. */
  onStopped(callback: () => void): void {
    this.#onStopped.push(callback);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listen(): Promise<string> {
    const { fastify, connections, server, scheduler, name } = this.#parts;
    try {
      const url = await listenOn(fastify, server, name);
      for (const secondary of secondaryServers(fastify)) connections.add(secondary);
      if (this.#stopping === undefined) scheduler.start();
      // The shutdown did not wait for this any longer.
      if (this.#hasStopped) fastify.server.close();
      return url;
    } catch (error) {
      this.#listening = undefined; // the port may be free at the next call
      throw error;
    }
  }

  async #stop(handOver?: HandOver): Promise<boolean> {
    const { server, stop } = this.#parts;
    // If Fastify is closed before it listens, it listens afterwards.
    if (this.#listening !== undefined) await new Deadline(server.shutdown_timeout_ms).waitFor(this.#listening.catch(() => undefined));
    const inTime = await stop(handOver);
    this.#hasStopped = true;
    for (const callback of this.#onStopped) callback();
    return inTime;
  }
}
