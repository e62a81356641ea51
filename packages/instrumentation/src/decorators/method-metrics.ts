/** Metrics of single methods, under names of the user's own. */
import { type Class, registerExtension } from '@tsukimi/core';
import type { LabelValue } from '@tsukimi/metrics';
import { instrumentationExtension } from '../extension/extension.js';
import { DECORATORS, type MethodMetric, writeMethodMetric } from '../metadata/method-metrics.js';
import { decoratorNotCalled, invalidMethodMetric } from './errors.js';
import { decoratedClassName, isDecorated, measurableMember } from './measurable-member.js';

export interface MethodMetricOptions {
  /** Letters, digits and underscores. Several methods may share a name, with other labels each. */
  readonly name: string;
  /** One sentence for people. */
  readonly help?: string;
  /** Labels that are the same for every call of the method. */
  readonly labels?: Readonly<Record<string, LabelValue>>;
}

export interface TimedOptions extends MethodMetricOptions {
  /** Upper bounds in seconds, ascending, without +Inf; `DURATION_BUCKETS_SECONDS` unless told. */
  readonly buckets?: readonly number[];
}

/** Goes on a method, or on a property that holds a function. */
export type MethodMetricDecorator = PropertyDecorator & MethodDecorator;

const HELP: Readonly<Record<MethodMetric['kind'], string>> = {
  timed: 'Time of the calls of a method, in seconds.',
  counted: 'Calls of a method that ended, by outcome.',
  gauged: 'Calls of a method that are under way.',
};

/**
 * Keeps a histogram of how long the calls of this method take, in seconds: until they return, throw or settle.
 *
 * It is kept whether or not the component is measured otherwise, and beside that.
 * @throws TSK_ERR_DECORATOR_ARGUMENT, TSK_ERR_DECORATOR_NOT_CALLED, TSK_ERR_DECORATOR_PLACE where the class is declared;
 * TSK_ERR_OBSERVER_METRIC at start
 */
export function Timed(options: TimedOptions): MethodMetricDecorator {
  return decorator('timed', options);
}

/**
 * Counts the calls of this method that ended, with a label `status`: `success` or `failure`.
 * @throws as `@Timed` does
 */
export function Counted(options: MethodMetricOptions): MethodMetricDecorator {
  return decorator('counted', options);
}

/**
 * Keeps a gauge of the calls of this method that are under way.
 * @throws as `@Timed` does
 */
export function Gauged(options: MethodMetricOptions): MethodMetricDecorator {
  return decorator('gauged', options);
}

function decorator(kind: MethodMetric['kind'], options: TimedOptions): MethodMetricDecorator {
  const name = DECORATORS[kind];
  if (isDecorated(options)) throw decoratorNotCalled(name, decoratedClassName(options));
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor): void => {
    const method = measurableMember({ decorator: name, target, method: key, descriptor });
    const member = `${decoratedClassName(target)}.${method}`;
    checkOptions(options, { kind, member });
    const { labels = {}, help = HELP[kind], buckets } = options;
    writeMethodMetric(target, method, { kind, member, name: options.name, help, labels: { ...labels }, buckets });
    registerExtension(target.constructor as Class, instrumentationExtension);
  };
}

function checkOptions(options: unknown, { kind, member }: Pick<MethodMetric, 'kind' | 'member'>): asserts options is TimedOptions {
  const refuse = (what: string, allowed: string) => invalidMethodMetric({ decorator: DECORATORS[kind], member, what, allowed });
  const { name, help, labels } = (options ?? {}) as { readonly [Key in keyof TimedOptions]: unknown };
  if (typeof name !== 'string') throw refuse('no name', "a name, such as { name: 'orders_created_total' }");
  if (help !== undefined && typeof help !== 'string') throw refuse('a help that is not a text', 'one sentence');
  if (labels === undefined) return;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels))
    throw refuse('labels that are not an object', "labels such as { table: 'orders' }");
  for (const [label, value] of Object.entries(labels)) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw refuse(`a label ${label} that is not a text`, 'texts, numbers or booleans');
  }
  if (kind === 'counted' && Object.hasOwn(labels, 'status'))
    throw refuse('a label status', 'another label: status is the outcome of the call');
}
