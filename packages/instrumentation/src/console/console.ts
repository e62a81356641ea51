/** The live page, as this package knows it: what it is made from, and how it gets into an application. The page itself is `@tsukimi/console`. */
import type { Health } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { MetricsEndpoint } from '../endpoints/added-endpoints.js';
import type { LastCalls } from '../last-calls.js';
import type { KeptErrors } from '../last-errors.js';
import type { ShownSetting } from './settings.js';

/** A scheduled task, without the message of its error. */
export interface ShownTask {
  readonly name: string;
  readonly trigger: string;
  readonly running: boolean;
  readonly executions: number;
  readonly failures: number;
  /** ISO 8601, like all times here. */
  readonly lastRun: string | null;
  readonly lastDurationMs: number | null;
  readonly lastErrorType: string | null;
  readonly nextRun: string | null;
}

/** What the page shows. */
export interface ConsoleSources {
  readonly registry: MetricsRegistry;
  readonly logger: FastifyBaseLogger;
  readonly application: { readonly name: string | undefined; readonly version: string | undefined };
  /** False if measuring is switched off, and only the application's own metrics are recorded. */
  readonly isMeasuring: boolean;
  /** Undefined without a scheduler. */
  readonly tasks: (() => readonly ShownTask[]) | undefined;
  /** The health checks, with their last results; undefined without the framework. */
  readonly health?: Pick<Health, 'checks'> | undefined;
  /** Undefined without a configuration. */
  readonly settings: (() => readonly ShownSetting[]) | undefined;
  readonly profile: string | undefined;
  /** Whether a request to this server would get a profile. */
  canProfile(request: FastifyRequest): boolean;
  /** The kind of a component, such as `service`; undefined if it is not measured. */
  kindOf(component: string): string | undefined;
  /** Undefined if they are not kept. */
  readonly errors: KeptErrors | undefined;
  /**
   * When routes and methods were called last.
   * @default those of the registry
   */
  lastCalls?(): LastCalls;
  /** Brings up to date what comes from other processes. Called with every fifth sample. */
  refresh?(): Promise<void>;
  /** In one of several workers: the page of the primary process, which has the whole application. */
  readonly primary?: PageApi | undefined;
}

/** An answer of the page's API. */
export interface PageAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** Where the events of a stream go. */
export interface PageStream {
  /** @returns false if no more should come */
  write(text: string): boolean;
  end(): void;
}

export interface OpenedStream {
  /** The first events. */
  readonly text: string;
  close(): void;
}

/** The page's API, for a process that passes on what browsers ask. */
export interface PageApi {
  /** @param path below `/metrics/ui/api/`, with its query */
  ask(path: string): PageAnswer | Promise<PageAnswer>;
  /** Opens a stream. @param query of `live` */
  open(query: string, stream: PageStream): OpenedStream | PageAnswer | Promise<OpenedStream | PageAnswer>;
}

/** A page that has been made for one server or application. */
export interface Console {
  readonly endpoint: MetricsEndpoint;
  /** Begins to sample. */
  start(): void;
  stop(): void;
  /** For workers that pass on what browsers ask. */
  readonly api: PageApi;
}

export type MakeConsole = (sources: ConsoleSources) => Console;

// Set when a module that has the page is loaded: this package can't import it.
let make: MakeConsole | undefined;

/** @internal Called by `@tsukimi/console` when it is loaded. */
export function registerConsole(maker: MakeConsole): void {
  make = maker;
}

/** Undefined if the package with the page is not loaded. */
export function consoleMaker(): MakeConsole | undefined {
  return make;
}
