/** The options of a push loop, and their checks. */
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';
import type { MetricsRegistry } from '../registry.js';
import { invalidPushOption } from './errors.js';
import type { Exporter, ExporterLogger } from './exporter.js';
import { type PushTimers, realTimers } from './push-timers.js';

/** How often an exporter pushes, and for how long it tries. */
export interface PushLoopOptions {
  /** The registry that the metrics about the exporter are in: `exporter_up` and others. */
  readonly registry: MetricsRegistry;
  /**
   * The time between the beginnings of two pushes, in milliseconds.
   * @default 10_000
   */
  readonly intervalMs?: number | undefined;
  /**
   * The part of each interval and pause that is random, from 0 to 1, so that the instances of a fleet do not push at the same time.
   * @default 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * The time limit of one push, in milliseconds.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The pause after the first failed push, in milliseconds. It doubles with each further failure.
   * @default 1000
   */
  readonly retryDelayMs?: number | undefined;
  /**
   * The longest pause after a failed push, in milliseconds.
   * @default 60_000
   */
  readonly maxRetryDelayMs?: number | undefined;
  /**
   * The time limit of the last push when the loop stops, in milliseconds.
   * @default 2000
   */
  readonly flushTimeoutMs?: number | undefined;
  /**
   * Where changes of the exporter's state are logged, once each.
   * @default failures are reported by the registry's `onError`
   */
  readonly logger?: ExporterLogger | undefined;
  /**
   * The time, for tests.
   * @default the real time
   */
  readonly timers?: PushTimers | undefined;
}

/** The options with their defaults. */
export interface LoopSettings {
  readonly registry: MetricsRegistry;
  readonly intervalMs: number;
  readonly jitter: number;
  readonly timeoutMs: number;
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  readonly flushTimeoutMs: number;
  readonly timers: PushTimers;
}

const NAME = /^[a-z][a-z\d_-]{0,63}$/;

/** @throws TSK_ERR_PUSH_OPTION */
export function checkedLoop(exporter: Pick<Exporter, 'name' | 'read' | 'send'>, options: PushLoopOptions): LoopSettings {
  const { name, read, send } = exporter;
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalidPushOption('name of the exporter', name, 'a name of lower-case letters, digits, _ and -, such as "redis",');
  if (typeof read !== 'function' || typeof send !== 'function')
    throw invalidPushOption('exporter', exporter, 'an object with the methods read and send');
  if (typeof options.registry?.expose !== 'function') throw invalidPushOption('registry', options.registry, 'a MetricsRegistry');
  const { jitter = 0.1 } = options;
  if (!(jitter >= 0 && jitter <= 1)) throw invalidPushOption('jitter', jitter, 'a number from 0 to 1');
  return {
    registry: options.registry,
    jitter,
    intervalMs: milliseconds('intervalMs', options.intervalMs, 10_000),
    timeoutMs: milliseconds('timeoutMs', options.timeoutMs, 5_000),
    retryDelayMs: milliseconds('retryDelayMs', options.retryDelayMs, 1_000),
    maxRetryDelayMs: milliseconds('maxRetryDelayMs', options.maxRetryDelayMs, 60_000),
    flushTimeoutMs: milliseconds('flushTimeoutMs', options.flushTimeoutMs, 2_000),
    timers: options.timers ?? realTimers,
  };
}

/** Half of the longest timeout, which leaves room for jitter. */
const LONGEST_MS = Math.floor(LONGEST_TIMEOUT_MS / 2);

function milliseconds(option: string, given: number | undefined, usual: number): number {
  const value = given ?? usual;
  if (!Number.isInteger(value) || value < 1 || value > LONGEST_MS)
    throw invalidPushOption(option, value, `a whole number of milliseconds from 1 to ${LONGEST_MS}`);
  return value;
}
