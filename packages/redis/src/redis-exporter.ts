/** The exporter: adds what this process has counted to the totals in Redis. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DeltaReader, type Exporter, type ExporterLogger, LONGEST_TIMEOUT_MS, type MetricsRegistry } from '@tsukimi/metrics';
import { type ConnectionOptions, type RedisTarget, redisTarget } from './connection/target.js';
import { Deliveries, type Part } from './delivery/deliveries.js';
import { readLastCalls } from './delivery/last-calls.js';
import { partsOf } from './delivery/parts.js';
import { batchesLost, invalidOption, type RedisError, writesRefused } from './errors.js';
import { DEFAULT_PREFIX, prefixFault } from './prefix.js';

/** Where totals are kept in Redis, and for how long. */
export interface RedisExporterOptions extends ConnectionOptions {
  /**
   * What all keys begin with. In a Redis Cluster it has to have a hash tag, such as `{metrics}:`.
   * @default 'metrics:'
   */
  readonly prefix?: string | undefined;
  /**
   * How long gauges of a process stay after its last push, in milliseconds: at least two intervals.
   * @default 30_000
   */
  readonly gaugeTtlMs?: number | undefined;
  /**
   * How long Redis remembers what it has of a process after its last push, in milliseconds. A process that could not push for longer drops the batch
   * that it was sending, because it can't know whether that was counted.
   * @default 604_800_000, which is a week
   */
  readonly sequenceTtlMs?: number | undefined;
  /**
   * Where lost batches and refused writes are logged.
   * @default process warnings
   */
  readonly logger?: Pick<ExporterLogger, 'warn'> | undefined;
}

/** What is sent at once. */
export type RedisBatch = readonly Part[];

const WEEK_MS = 7 * 24 * 3_600_000;

/** The checked options. */
export interface RedisSettings extends RedisTarget {
  readonly prefix: string;
  readonly gaugeTtlMs: number;
  readonly sequenceTtlMs: number;
  /** Logs an error that nobody can catch. Never throws. */
  readonly warn: (error: RedisError) => void;
}

/** @throws TSK_ERR_REDIS_OPTION, TSK_ERR_REDIS_CLIENT */
export function redisSettings(options: RedisExporterOptions): RedisSettings {
  const { prefix = DEFAULT_PREFIX, logger } = options;
  const target = redisTarget(options);
  const fault = prefixFault(prefix, target.commands.isCluster);
  if (fault !== undefined) throw invalidOption('prefix', prefix, fault);
  return {
    ...target,
    prefix,
    warn: (error) => warn(logger, error),
    gaugeTtlMs: milliseconds('gaugeTtlMs', options.gaugeTtlMs, { usual: 30_000, longest: LONGEST_TIMEOUT_MS }),
    sequenceTtlMs: milliseconds('sequenceTtlMs', options.sequenceTtlMs, { usual: WEEK_MS, longest: 100 * WEEK_MS }),
  };
}

function warn(logger: RedisExporterOptions['logger'], error: RedisError): void {
  try {
    if (logger === undefined) process.emitWarning(error);
    else logger.warn({ exporter: NAME, code: error.code }, error.message);
  } catch {
    // A logger that fails must not stop the exporter.
  }
}

function milliseconds(
  option: string,
  given: number | undefined,
  { usual, longest }: { readonly usual: number; readonly longest: number },
): number {
  const value = given ?? usual;
  if (!Number.isInteger(value) || value < 1 || value > longest)
    throw invalidOption(option, value, `a whole number of milliseconds from 1 to ${longest}`);
  return value;
}

/** Returns an exporter, to be run by a `PushLoop`. */
export function redisExporter(registry: MetricsRegistry, settings: RedisSettings): Exporter<RedisBatch> {
  const { commands, shown, secrets, prefix, sequenceTtlMs, gaugeTtlMs, warn: tell } = settings;
  const reader = new DeltaReader(registry, { gauges: 'all' });
  const process = processName();
  const deliveries = new Deliveries({
    commands,
    prefix,
    sequenceTtlMs,
    currentTtlMs: gaugeTtlMs,
    onLost: (parts) => tell(batchesLost(shown, parts)),
    onRefused: (writes, why) => tell(writesRefused(shown, writes, why)),
  });
  return {
    name: NAME,
    target: shown,
    secrets,
    async read() {
      const delta = await reader.read();
      const batch: Part[] = [];
      for await (const content of partsOf(delta, { last: readLastCalls(registry), process })) batch.push(deliveries.part(content));
      return batch;
    },
    send: (batch, { signal }) => deliveries.deliver(batch, signal),
    async close() {
      reader.close();
      await commands.close();
    },
  };
}

const NAME = 'redis';

/** Names the process for people: `web-1:4711:9f3c2a10`. */
function processName(): string {
  return `${hostname()}:${globalThis.process.pid}:${randomUUID().slice(0, 8)}`;
}
