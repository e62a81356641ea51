/** Where the instances of a fleet agree on who runs a task. `@tsukimi/redis` and `@tsukimi/postgres` have one each. */

/** What an instance asks for. */
export interface LeaseRequest {
  /** What the lease is for: the application's name and the task's, such as `shop/Reports.send`. */
  readonly name: string;
  /** The instance that asks. It differs for each start of each process. */
  readonly holder: string;
  /** How long the lease is valid after this, in milliseconds. */
  readonly leaseMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** The answer: the lease, with a token that is higher than every token before; or when another instance's lease ends. */
export type LeaseAnswer = { readonly token: number } | { readonly heldForMs: number };

/** Keeps leases. Each method can reject if the store can't be reached. */
export interface LeaseStore {
  /** What it is, for messages: `Redis`. */
  readonly name: string;
  /** Takes a lease if nobody else holds it. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Extends a lease that the holder has. @returns false if it has ended, or another instance has it */
  renew(request: LeaseRequest & { readonly token: number }): Promise<boolean>;
  /** Gives a lease back. */
  release(request: Omit<LeaseRequest, 'leaseMs'> & { readonly token: number }): Promise<void>;
}

/** What a run of a task with `once: 'fleet'` gets. */
export interface TaskRun {
  /**
   * Aborted when this instance has lost the lease, so that another one may run the task now, or when `server.shutdown_timeout_ms` is over, so that
   * nothing waits for the run any more. Pass it on, and stop.
   */
  readonly signal: AbortSignal;
  /** Aborted when the application begins to stop. It waits for the run, within `server.shutdown_timeout_ms`: finish what is under way. */
  readonly stopping: AbortSignal;
  /** The fencing token. A store that is given it refuses what comes with a lower one than it has seen. */
  readonly token: number;
}

/** The state of a task's lease in this instance. */
export interface TaskLeaseState {
  /** The name of the task. */
  readonly task: string;
  readonly isHeld: boolean;
  /** For how long this instance has held the lease, in milliseconds; null if it does not. */
  readonly heldMs: number | null;
  /** Due runs that this instance did not start, because it does not hold the lease. */
  readonly skipped: number;
}
