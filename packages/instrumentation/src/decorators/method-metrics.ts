/** The decorators `@Timed`, `@Counted` and `@Gauged`: metrics of single methods, with your own names. */
import { type Class, registerExtension } from '@tsukimi/core';
import type { LabelValue } from '@tsukimi/metrics';
import { instrumentationExtension } from '../extension/extension.js';
import { type ComputedLabels, copyOf, declarationFault, type LabelDeclarations, type LabelValuesFor } from '../labels/declarations.js';
import { type ComputedMethodLabels, DECORATORS, type MethodMetric, writeMethodMetric } from '../metadata/method-metrics.js';
import { decoratorNotCalled, invalidMethodMetric } from './errors.js';
import { decoratedClassName, isDecorated, measurableMember } from './measurable-member.js';

export interface MethodMetricOptions {
  /** The name of the metric: letters, digits and underscores. Several methods can share a name if their labels have different values. */
  readonly name: string;
  /** A description of the metric in one sentence. */
  readonly help?: string;
  /** Labels, the same for all calls of the method. */
  readonly labels?: Readonly<Record<string, LabelValue>>;
}

export interface TimedOptions extends MethodMetricOptions {
  /**
   * Upper bounds of the buckets, in seconds, ascending, without +Inf.
   * @default DURATION_BUCKETS_SECONDS
   */
  readonly buckets?: readonly number[];
}

/** What a method returns in the end: what its promise fulfills with, or what its generator returns. */
export type MethodResult<R> = R extends Generator<unknown, infer T> | AsyncGenerator<unknown, infer T> ? Awaited<T> : Awaited<R>;

/** The finished call, as label functions get it. */
export type MethodCall<M> = M extends (...args: infer A) => infer R ? EndedMethodCall<Readonly<A>, MethodResult<R>> : never;

/** A call with its arguments, and with what it returned or failed with. */
export type EndedMethodCall<A, R> =
  | {
      /** The arguments as they were passed. What they refer to may have changed since. */
      readonly args: A;
      readonly status: 'success';
      /** The result. Also undefined if nothing waited for it, for example if a query was never awaited or a generator was closed early. */
      readonly result: R | undefined;
      readonly error?: undefined;
    }
  | {
      readonly args: A;
      readonly status: 'failure';
      readonly result?: undefined;
      /** What the call threw or rejected with. */
      readonly error: unknown;
    };

/** Options for labels that depend on the call. */
export interface CallLabelOptions<M, V, R> extends Omit<MethodMetricOptions, 'labels'> {
  /** Each label that `labels` computes: its values, or how many it can have. Other values become `__other__`. */
  readonly labelValues: V;
  /**
   * Computes the labels of a call when it has ended; one value for each label of `labelValues`. Where it throws, or returns something else, the
   * label is `__error__`, the call is recorded and returns as ever, and the error is reported once.
   */
  readonly labels: (call: MethodCall<M>) => ComputedLabels<V, R>;
}

export interface TimedCallOptions<M, V, R> extends CallLabelOptions<M, V, R>, Pick<TimedOptions, 'buckets'> {}

/** A decorator of a method, or of a property that holds a function. */
export type MethodMetricDecorator = PropertyDecorator & MethodDecorator;

/** Goes on a method of type `M`, or on a property `K` of `T`. */
export type CallLabelDecorator<T, K, M> = (target: T, key: K, descriptor?: TypedPropertyDescriptor<M>) => void;

/** The type of what is decorated: of a method its own, of a property the one that its class gives it. */
export type Decorated<T, K, M> = unknown extends M ? (K extends keyof T ? T[K] : never) : M;

const HELP: Readonly<Record<MethodMetric['kind'], string>> = {
  timed: 'Time of the calls of a method, in seconds.',
  counted: 'Calls of a method that ended, by outcome.',
  gauged: 'Calls of a method that are under way.',
};

/**
 * Records the duration of the method's calls in a histogram, in seconds: until they return, throw or settle.
 *
 * It is kept whether or not the component is measured otherwise, and beside that. Labels are fixed, or computed of each call when it has ended;
 * `call` then has the types of the method.
 * @example
 * `@Timed({ name: 'order_seconds', labelValues: { tier: ['free', 'paid'] }, labels: (call) => ({ tier: call.args[0].tier }) })`
 * @throws TSK_ERR_DECORATOR_ARGUMENT, TSK_ERR_DECORATOR_NOT_CALLED, TSK_ERR_DECORATOR_PLACE where the class is declared;
 * TSK_ERR_OBSERVER_METRIC at start
 */
export function Timed<T, K, M, const V extends LabelDeclarations, R extends LabelValuesFor<V>>(
  options: TimedCallOptions<Decorated<T, K, M>, V, R>,
): CallLabelDecorator<T, K, M>;
export function Timed(options: TimedOptions & { readonly labelValues?: undefined }): MethodMetricDecorator;
export function Timed(options: unknown): MethodMetricDecorator {
  return decorator('timed', options);
}

/**
 * Counts the finished calls of the method, with the label `status`: `success` or `failure`.
 * @throws the same errors as `@Timed`
 */
export function Counted<T, K, M, const V extends LabelDeclarations, R extends LabelValuesFor<V>>(
  options: CallLabelOptions<Decorated<T, K, M>, V, R>,
): CallLabelDecorator<T, K, M>;
export function Counted(options: MethodMetricOptions & { readonly labelValues?: undefined }): MethodMetricDecorator;
export function Counted(options: unknown): MethodMetricDecorator {
  return decorator('counted', options);
}

/**
 * Records the number of calls of the method that are in progress in a gauge.
 * @throws the same errors as `@Timed`
 */
export function Gauged(options: MethodMetricOptions): MethodMetricDecorator {
  return decorator('gauged', options);
}

function decorator(kind: MethodMetric['kind'], options: unknown): MethodMetricDecorator {
  const name = DECORATORS[kind];
  if (isDecorated(options)) throw decoratorNotCalled(name, decoratedClassName(options));
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor): void => {
    const method = measurableMember({ decorator: name, target, method: key, descriptor });
    const member = `${decoratedClassName(target)}.${method}`;
    checkOptions(options, { kind, member });
    const { help = HELP[kind], buckets } = options;
    writeMethodMetric(target, method, { kind, member, name: options.name, help, buckets, ...labelsOf(options) });
    registerExtension(target.constructor as Class, instrumentationExtension);
  };
}

const STATUS_TAKEN = ['a label status', 'another label: status is the outcome of the call'] as const;

/** The options as they may come, from JavaScript too. */
type GivenOptions = { readonly [Key in keyof TimedOptions]: unknown } & { readonly labelValues?: unknown };

function labelsOf({ labels, labelValues }: GivenOptions): Pick<MethodMetric, 'labels' | 'computed'> {
  if (typeof labels !== 'function') return { labels: { ...(labels as MethodMetric['labels'] | undefined) } };
  const declarations = copyOf(labelValues as LabelDeclarations);
  return { labels: {}, computed: { declarations, compute: labels as ComputedMethodLabels['compute'] } };
}

function checkOptions(options: unknown, { kind, member }: Pick<MethodMetric, 'kind' | 'member'>): asserts options is TimedOptions {
  const refuse = (what: string, allowed: string) => invalidMethodMetric({ decorator: DECORATORS[kind], member, what, allowed });
  const { name, help, labels, labelValues } = (options ?? {}) as GivenOptions;
  if (typeof name !== 'string') throw refuse('no name', "a name, such as { name: 'orders_created_total' }");
  if (help !== undefined && typeof help !== 'string') throw refuse('a help that is not a text', 'one sentence');
  if (typeof labels === 'function' || labelValues !== undefined) {
    if (kind === 'gauged')
      throw refuse('labels that depend on the call', 'labels that are the same for every call: a gauge counts calls that have not ended');
    if (typeof labels !== 'function') throw refuse('labelValues without a function', 'labels: (call) => ({ ... }), which computes them');
    const fault = declarationFault(labelValues);
    if (fault !== undefined) throw refuse(fault.what, fault.allowed);
    if (kind === 'counted' && Object.hasOwn(labelValues as object, 'status')) throw refuse(...STATUS_TAKEN);
    return;
  }
  if (labels === undefined) return;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels))
    throw refuse('labels that are not an object', "labels such as { table: 'orders' }");
  for (const [label, value] of Object.entries(labels)) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw refuse(`a label ${label} that is not a text`, 'texts, numbers or booleans');
  }
  if (kind === 'counted' && Object.hasOwn(labels, 'status')) throw refuse(...STATUS_TAKEN);
}
