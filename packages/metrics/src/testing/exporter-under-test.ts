/** What the compatibility kit needs to know about an exporter. */

import type { LabelRecord } from '../metric-family.js';
import type { ExporterLogger } from '../push/exporter.js';
import type { MetricsRegistry } from '../registry.js';

/**
 * What an other side can do wrong, apart from being absent:
 * - `hang`: it takes what is sent, and neither applies nor answers it
 * - `refuse`: it answers with an error, and applies nothing
 * - `fill`: it answers that it is full, and applies nothing
 * - `lose-answers`: it applies what is sent, but the answer does not arrive
 */
export type Fault = 'hang' | 'refuse' | 'fill' | 'lose-answers';

/** The system that the exporter sends to: the real one, with totals that the test can read. */
export interface OtherSide {
  /** Starts it, also after a `stop`, at the same address and with the totals that it had. */
  start(): Promise<void> | void;
  /** Stops it. Connections are refused, or what is sent is lost. */
  stop(): Promise<void> | void;
  /** Turns a fault on or off, for those in `faults`. Requests that hang end with it, unapplied. */
  set?(fault: Fault, isOn: boolean): Promise<void> | void;
  /** Returns the total of a counter that the exporter has sent; 0 if there is none. */
  total(name: string, labels: LabelRecord): Promise<number> | number;
  /** Stops it for good, and removes what it has left. */
  close(): Promise<void> | void;
}

/** What the kit starts an exporter with. Pass the times and the logger on to the exporter. */
export interface ExporterStart<O extends OtherSide> {
  readonly registry: MetricsRegistry;
  readonly otherSide: O;
  /** Use it as the password or token of the address. No log line, error or metric may contain it. */
  readonly secret: string;
  readonly logger: ExporterLogger;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  readonly flushTimeoutMs: number;
}

/** An exporter that is running. A `PushLoop` is one. */
export interface RunningExporter {
  flush(limits?: { readonly timeoutMs?: number }): Promise<boolean>;
  stop(limits?: { readonly timeoutMs?: number }): Promise<boolean>;
}

export interface ExporterUnderTest<O extends OtherSide = OtherSide> {
  readonly name: string;
  /**
   * Whether the other side confirms what it has applied. An exporter over UDP sets `false`: it is excused from knowing about failures and from losing
   * nothing while the other side is away.
   * @default true
   */
  readonly acknowledges?: boolean;
  /**
   * The faults that the other side can have in a test.
   * @default []
   */
  readonly faults?: readonly Fault[];
  /**
   * How long one push of 1,000 changed series may block the event loop, in milliseconds.
   * @default 50
   */
  readonly maxBlockMs?: number;
  /**
   * How long values may take to arrive once the other side is there, in milliseconds.
   * @default 15_000
   */
  readonly patienceMs?: number;
  /** Makes an other side for one case, at an address of its own. It is not started yet. */
  open(): Promise<O> | O;
  /** Starts the exporter, whether the other side is there or not. */
  start(given: ExporterStart<O>): Promise<RunningExporter> | RunningExporter;
}

/** A line that the exporter has logged. */
export interface LoggedLine {
  readonly level: 'info' | 'warn';
  readonly details: object;
  readonly message: string;
}
