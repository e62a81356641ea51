/** The options of tracing, and their checks. */
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { LeftOutRoutes, type RouteExclusion } from '@tsukimi/instrumentation';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import { invalidOption } from '../errors.js';
import type { Environment } from '../options.js';
import { type PropagatorChoice, type PropagatorName, propagatorChoice } from './propagators.js';

/** Whether spans of one kind are made: `auto` leaves them to another instrumentation of OpenTelemetry where that makes them already. */
export type SpanSwitch = 'auto' | 'on' | 'off';

/** Which spans are made beside those of component calls and task runs. */
export interface SpanSwitches {
  /**
   * A server span for each HTTP request.
   * @default 'auto'
   */
  readonly http?: SpanSwitch | undefined;
  /**
   * A client span for each outgoing HTTP request.
   * @default 'auto'
   */
  readonly client?: SpanSwitch | undefined;
  /**
   * A client span for each query of an instrumented database.
   * @default 'auto'
   */
  readonly database?: SpanSwitch | undefined;
}

/** What is traced, and how spans are sent. What is absent is taken from the standard `OTEL_*` variables. */
export interface TracesOptions {
  /**
   * The whole URL for traces, to which nothing is appended. It wins over `endpoint`.
   * @default OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
   */
  readonly tracesEndpoint?: string | undefined;
  /**
   * The share of new traces that is recorded, from 0 to 1. A request that brings a trace is recorded if its caller records it.
   * @default OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG, or 1
   */
  readonly sampleRatio?: number | undefined;
  /**
   * Whether exception events have the stack, beside type and message.
   * @default false
   */
  readonly recordStacks?: boolean | undefined;
  /**
   * Whether spans of queries have the SQL, as `db.query.text`. It has no parameters, but it holds values that the program writes into it.
   * @default false
   */
  readonly recordQueries?: boolean | undefined;
  readonly spans?: SpanSwitches | undefined;
  /**
   * The headers by which traces go from one program to the next, received and sent: `tracecontext` for `traceparent` and `tracestate`, `baggage`; an empty
   * list, or `none`, for no headers. If the program has registered a propagator with OpenTelemetry's API, that one is used instead.
   * @default OTEL_PROPAGATORS, or ['tracecontext', 'baggage']
   */
  readonly propagators?: readonly (PropagatorName | 'none')[] | undefined;
  /**
   * Requests that are left out of traces, with all that they do: by the template of their route, `*` for any part, or by method. The metrics endpoints
   * and routes with `config: { metrics: false }` always are.
   * @default []
   */
  readonly exclude?: readonly RouteExclusion[] | undefined;
  /**
   * How many ended spans are kept until they are sent. Further ones are dropped, and counted in `exporter_dropped_spans_total`.
   * @default OTEL_BSP_MAX_QUEUE_SIZE, or 8192
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * How many spans one request has at most. As soon as so many are kept, they are sent.
   * @default OTEL_BSP_MAX_EXPORT_BATCH_SIZE, or 512
   */
  readonly maxBatchSize?: number | undefined;
  /**
   * The longest time that an ended span waits, in milliseconds.
   * @default OTEL_BSP_SCHEDULE_DELAY, or 5000
   */
  readonly intervalMs?: number | undefined;
  /**
   * The time limit of sending the last spans, in milliseconds.
   * @default 2000
   */
  readonly flushTimeoutMs?: number | undefined;
}

/** The checked options. */
export interface TracesSettings {
  /** Asked for only if spans are made here, and not by a provider of the program, whose sampler the variables can be meant for. */
  readonly sampler: () => Sampler;
  readonly recordStacks: boolean;
  readonly recordQueries: boolean;
  readonly spans: Readonly<Required<{ readonly [Kind in keyof SpanSwitches]: SpanSwitch }>>;
  readonly leftOut: LeftOutRoutes;
  readonly propagators: PropagatorChoice;
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  readonly intervalMs: number;
  readonly flushTimeoutMs: number;
}

export const MOST_QUEUED = 1_000_000;

const SWITCHES: readonly unknown[] = ['auto', 'on', 'off'];

/** Where options were given, for messages, and where what they leave out is taken from. */
export interface OptionSources {
  readonly environment?: Environment | undefined;
  /** Where `exclude` stands. */
  readonly exclude?: { readonly key: string; readonly source: string } | undefined;
}

/** @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_HTTP_EXCLUDE */
export function tracesSettings(
  options: TracesOptions,
  { environment = process.env, exclude = { key: 'exclude', source: 'startTracing' } }: OptionSources = {},
): TracesSettings {
  const { recordStacks = false, recordQueries = false, spans = {} } = options;
  if (options.exclude !== undefined && !Array.isArray(options.exclude))
    throw invalidOption('exclude', options.exclude, 'a list of patterns');
  if (typeof recordStacks !== 'boolean') throw invalidOption('recordStacks', recordStacks, 'true or false');
  if (typeof recordQueries !== 'boolean') throw invalidOption('recordQueries', recordQueries, 'true or false');
  for (const kind of ['http', 'client', 'database'] as const)
    if (spans[kind] !== undefined && !SWITCHES.includes(spans[kind])) throw invalidOption(`spans.${kind}`, spans[kind], 'auto, on or off');
  const count = (key: 'maxQueueSize' | 'maxBatchSize', variable: string, usual: number) =>
    wholeNumber({ key, given: options[key], variable, usual, most: MOST_QUEUED }, environment);
  const limit = (key: 'intervalMs' | 'flushTimeoutMs', variable: string, usual: number) =>
    wholeNumber({ key, given: options[key], variable, usual, most: Math.floor(LONGEST_TIMEOUT_MS / 2) }, environment);
  const maxQueueSize = count('maxQueueSize', 'OTEL_BSP_MAX_QUEUE_SIZE', 8192);
  return {
    sampler: samplerOf(options.sampleRatio, environment),
    recordStacks,
    recordQueries,
    spans: { http: spans.http ?? 'auto', client: spans.client ?? 'auto', database: spans.database ?? 'auto' },
    leftOut: new LeftOutRoutes(options.exclude ?? [], exclude),
    propagators: propagatorChoice(options.propagators, environment),
    maxQueueSize,
    maxBatchSize: Math.min(maxQueueSize, count('maxBatchSize', 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
    intervalMs: limit('intervalMs', 'OTEL_BSP_SCHEDULE_DELAY', 5000),
    flushTimeoutMs: limit('flushTimeoutMs', '', 2000),
  };
}

interface NumberOption {
  readonly key: string;
  readonly given: number | undefined;
  readonly variable: string;
  readonly usual: number;
  readonly most: number;
}

function wholeNumber({ key, given, variable, usual, most }: NumberOption, environment: Environment): number {
  const text = environment[variable]?.trim() ?? '';
  const [name, value] = given !== undefined ? [key, given] : text !== '' ? [variable, Number(text)] : [key, usual];
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw invalidOption(name, given === undefined && text !== '' ? text : value, `a whole number from 1 to ${most}`);
  return value;
}

/**
 * The samplers that the specification names.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
 */
const SAMPLERS: Readonly<Record<string, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

function samplerOf(given: number | undefined, environment: Environment): () => Sampler {
  if (given === undefined) return () => samplerOfVariables(environment);
  const ratio = checkedRatio('sampleRatio', given);
  return () => (SAMPLERS['parentbased_traceidratio'] as (ratio: number) => Sampler)(ratio);
}

function samplerOfVariables(environment: Environment): Sampler {
  const name = environment['OTEL_TRACES_SAMPLER']?.trim().toLowerCase() || 'parentbased_always_on';
  if (!Object.hasOwn(SAMPLERS, name)) throw invalidOption('OTEL_TRACES_SAMPLER', name, Object.keys(SAMPLERS).join(', '));
  const text = environment['OTEL_TRACES_SAMPLER_ARG']?.trim() ?? '';
  const ratio = name.endsWith('traceidratio') && text !== '' ? checkedRatio('OTEL_TRACES_SAMPLER_ARG', Number(text), text) : 1;
  return (SAMPLERS[name] as (ratio: number) => Sampler)(ratio);
}

function checkedRatio(key: string, ratio: number, received: unknown = ratio): number {
  if (typeof ratio !== 'number' || !(ratio >= 0 && ratio <= 1))
    throw invalidOption(key, received, 'a number from 0 to 1, such as 0.1 for a tenth');
  return ratio;
}
