/** Labels of requests that a function of the user computes when a request has ended. */
import type { LabelValue } from '@tsukimi/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { invalidRequestLabels } from '../errors.js';
import { type ComputedLabels, copyOf, declarationFault, type LabelDeclarations, type LabelValuesFor } from './declarations.js';

/** Labels that `http_requests_total` and `http_request_duration_seconds` have in addition. */
export interface RequestLabels {
  /** Each label that `labels` computes: its values, or how many it can have. Other values become `__other__`. */
  readonly labelValues: LabelDeclarations;
  /**
   * Computes the labels of a request when its response has ended, or its connection. Where it throws, or returns something else, the label is
   * `__error__`, the request is recorded all the same, and the error is reported once. For what Fastify never saw, such as a malformed request, it is
   * not called, and each label is `__unseen__`.
   */
  readonly labels: (request: FastifyRequest, reply: FastifyReply) => Readonly<Record<string, LabelValue>>;
}

/** `RequestLabels` whose function returns a value for each declared label, and no other. */
export interface RequestLabelOptions<V, R> {
  readonly labelValues: V;
  readonly labels: (request: FastifyRequest, reply: FastifyReply) => ComputedLabels<V, R>;
}

/**
 * Lets the compiler check that the function returns the declared labels. Pass the result as `requestLabels` to `httpInstrumentation`, or to
 * `@Instrumented` on the application class.
 * @example
 * `defineRequestLabels({ labelValues: { tenant: { maxValues: 50 } }, labels: (request) => ({ tenant: request.headers['x-tenant'] ?? 'none' }) })`
 */
export function defineRequestLabels<const V extends LabelDeclarations, R extends LabelValuesFor<V>>(
  options: RequestLabelOptions<V, R>,
): RequestLabels {
  return options as RequestLabels;
}

/** Label names that a metric with the computed labels has, or can have, already. */
const TAKEN: readonly string[] = [...CATALOGUE.httpRequests.labelNames, 'status_class'];
const KEYS: readonly string[] = ['labelValues', 'labels'] satisfies readonly (keyof RequestLabels)[];

/**
 * Checks and copies the option.
 * @param source where it was written, for errors
 * @throws TSK_ERR_INSTRUMENTATION_OPTION
 */
export function checkedRequestLabels(given: unknown, source: string): RequestLabels | undefined {
  if (given === undefined) return undefined;
  const refuse = (what: string, allowed: string) => invalidRequestLabels({ source, what, allowed });
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw refuse('no object', 'labelValues and labels');
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw refuse(`an unknown key, ${JSON.stringify(unknown)}`, KEYS.join(' and '));
  const { labelValues, labels } = given as { readonly [Key in keyof RequestLabels]: unknown };
  if (typeof labels !== 'function') throw refuse('no function labels', 'labels: (request, reply) => ({ ... }), which computes the labels');
  const fault = declarationFault(labelValues);
  if (fault !== undefined) throw refuse(fault.what, fault.allowed);
  const taken = Object.keys(labelValues as object).find((name) => TAKEN.includes(name));
  if (taken !== undefined) throw refuse(`a label ${taken}`, `another name: HTTP metrics have a label ${taken} already`);
  return { labelValues: copyOf(labelValues as LabelDeclarations), labels: labels as RequestLabels['labels'] };
}
