/** The interface of exporters, which send a registry's metrics to one outside system. */

/** One attempt to send a batch. */
export interface PushAttempt {
  /** Aborted when the time limit has passed. Pass it on to the client, or end the work when it is aborted. */
  readonly signal: AbortSignal;
  /** The number of the batch, from 1. A batch that was not confirmed is sent again with the same number. */
  readonly sequence: number;
  /** Whether the same batch was sent before, so that the other side may have it already. */
  readonly isRepeated: boolean;
}

/**
 * Sends metrics to one outside system. A `PushLoop` calls it: how often, how long, and again after failures, is not the exporter's concern.
 *
 * @typeParam B what is sent at once: a `MetricsDelta`, or what the exporter has made of it. It must not change after `read` has returned it.
 */
export interface Exporter<B = unknown> {
  /** The name in metrics and log lines, such as `redis`: lower-case letters, digits, `_` and `-`. */
  readonly name: string;
  /** Where it sends to, for log lines and errors, without credentials: see `shownAddress`. */
  readonly target: string;
  /** Passwords and tokens, which are removed from all log lines and errors, in case the client's errors repeat them. */
  readonly secrets?: readonly string[] | undefined;
  /** Returns the next batch. Called when the batch before has been confirmed, so that at most one batch is kept in memory. */
  read(): Promise<B> | B;
  /**
   * Sends a batch. Resolve when the other side has confirmed it. If this rejects, the same batch is sent again later; to have it dropped instead,
   * because the other side will never take it, reject with a `BatchRejected`.
   *
   * It is called again only when the promise has settled. If it settles after the time limit, the result still counts.
   */
  send(batch: B, attempt: PushAttempt): Promise<void>;
  /** Closes connections. Called once, when nothing is sent any more. */
  close?(): Promise<void> | void;
}

/** Thrown by `Exporter.send` if the other side will never take the batch. The batch is dropped, counted and logged. */
export class BatchRejected extends Error {
  override readonly name = 'BatchRejected';
}

/**
 * Thrown by `Exporter.send` if the other side says when to try again, as HTTP does with `Retry-After`. The same batch is sent again, and not before that
 * time, unless the exporter is flushed or stopped.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';

  /** @param afterMs how long to wait, in milliseconds; more than an hour counts as an hour */
  constructor(
    message: string,
    readonly afterMs: number,
  ) {
    super(message);
  }
}

/** Where changes of an exporter's state are logged. Fastify's and pino's loggers fit. */
export interface ExporterLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
