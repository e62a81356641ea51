/** What workers and the primary say to each other about metrics. */
import type { HealthCheckState } from '@tsukimi/core';
import type { RegistryChanges } from '@tsukimi/metrics';
import type { ShownTask } from '../console/console.js';
import type { CalledEndpoint, CalledMethod } from '../last-calls.js';
import type { FailedCall } from '../last-errors.js';

/** A worker sends what has changed; the answer is the number of the last message that the primary has. */
export const CHANGES = '@tsukimi/instrumentation:changes';

/** The primary asks for what has changed now. */
export const COLLECT = '@tsukimi/instrumentation:collect';

/** A worker passes on a request to the endpoints. */
export const ENDPOINTS = '@tsukimi/instrumentation:endpoints';

/** Messages of a worker that the primary has not confirmed, the oldest first, but those that are on their way: what is lost or comes twice does no harm. */
export type UnconfirmedChanges = readonly RegistryChanges[];

export interface CollectQuestion {
  /** The number of the last message that the primary has. */
  readonly confirmed: number;
  /** Whether the answer has what the JSON shows and no metric has. */
  readonly facts: boolean;
}

export interface CollectAnswer {
  readonly changes: UnconfirmedChanges;
  readonly facts?: WorkerFacts | undefined;
}

/** A scheduled task, as the JSON shows it. */
export interface TaskFacts {
  readonly name: string;
  readonly trigger: string;
  readonly running: boolean;
  readonly executions: number;
  readonly failures: number;
  readonly last_run: string | null;
  readonly last_duration_ms: number | null;
  readonly last_error: string | null;
  readonly next_run: string | null;
}

/** What a worker knows and no metric has. */
export interface WorkerFacts {
  readonly endpoints: readonly CalledEndpoint[];
  readonly methods: readonly CalledMethod[];
  /** By component: `service`. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Undefined if the application has no scheduler. */
  readonly tasks: readonly TaskFacts[] | undefined;
  /** What the live page shows besides. */
  readonly page: PageFacts;
}

export interface PageFacts {
  readonly tasks: readonly ShownTask[];
  readonly checks: readonly HealthCheckState[];
  /** The last errors. Their numbers are of no other worker. */
  readonly failures: readonly FailedCall[];
}

/** A request to the endpoints. The worker has checked that the client may read them. */
export interface PassedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PassedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
