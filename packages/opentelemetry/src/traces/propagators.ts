/** The headers by which traces go from one program to the next: which ones are read and sent. */
import { propagation, type TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { invalidOption } from '../errors.js';
import type { Environment } from '../options.js';

/** Headers that are read and sent: `traceparent` and `tracestate`, or `baggage`. */
export type PropagatorName = 'tracecontext' | 'baggage';

const PROPAGATORS: Readonly<Record<PropagatorName, () => TextMapPropagator>> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
};

export const PROPAGATOR_NAMES = Object.keys(PROPAGATORS) as readonly PropagatorName[];

const NONE = 'none';

/** What was asked for, and where. */
export interface PropagatorChoice {
  readonly names: readonly unknown[];
  /** For messages. */
  readonly key: string;
}

/**
 * Returns what is asked for by the option, or by the standard variable.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION if the option is no list
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
 */
export function propagatorChoice(given: readonly unknown[] | undefined, environment: Environment): PropagatorChoice {
  if (given !== undefined) {
    if (!Array.isArray(given)) throw invalidOption('propagators', given, ALLOWED);
    return { names: given, key: 'propagators' };
  }
  const names = (environment['OTEL_PROPAGATORS'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const present = names.filter((name) => name !== '');
  return { names: present.length === 0 ? PROPAGATOR_NAMES : present, key: 'OTEL_PROPAGATORS' };
}

const ALLOWED = `a list of ${PROPAGATOR_NAMES.join(' and ')}, or ${NONE} alone. To use another propagator, register it with OpenTelemetry's API before tracing starts`;

/** The propagators of this process, as far as we decide about them. */
export interface ChosenPropagators {
  /** Undefined if there is nothing to register. */
  readonly propagator: TextMapPropagator | undefined;
  /** Whether exactly the W3C trace context is read of requests without `baggage`. */
  readonly readsTraceparent: boolean;
}

/**
 * Returns what is to be registered. If the program has registered a propagator of its own, that is nothing, whatever was asked for.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION
 */
export function choosePropagators({ names, key }: PropagatorChoice): ChosenPropagators {
  if (propagation.fields().length > 0) return { propagator: undefined, readsTraceparent: false };
  const chosen = [...new Set(names)].filter((name) => name !== NONE);
  const wrong = chosen.find((name) => !isPropagatorName(name));
  if (wrong !== undefined) throw invalidOption(`An entry of ${key}`, wrong, ALLOWED);
  if (names.includes(NONE) && chosen.length > 0) throw invalidOption(key, names, ALLOWED);
  const propagators = chosen.filter(isPropagatorName).map((name) => PROPAGATORS[name]());
  return {
    propagator: propagators.length === 0 ? undefined : new CompositePropagator({ propagators }),
    readsTraceparent: chosen.includes('tracecontext'),
  };
}

function isPropagatorName(name: unknown): name is PropagatorName {
  return typeof name === 'string' && Object.hasOwn(PROPAGATORS, name);
}
