/** Reads standard `OTEL_*` variables: lists of `key=value`, and whether a signal is off. */
import { invalidOption } from './errors.js';
import type { Environment } from './options.js';

/**
 * Reads the text of OTEL_RESOURCE_ATTRIBUTES or OTEL_EXPORTER_OTLP_HEADERS: pairs separated by commas, percent-encoded. A part that is no pair is left
 * out, as the OpenTelemetry specification says; one that can't be decoded is taken as it is.
 * @see https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export function pairsOf(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').flatMap((part) => {
    const equals = part.indexOf('=');
    return equals < 1 ? [] : [[decoded(part.slice(0, equals).trim()), decoded(part.slice(equals + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

type Signal = 'traces' | 'metrics';

/** What can stand in `OTEL_TRACES_EXPORTER` and `OTEL_METRICS_EXPORTER` beside `otlp`. Metrics are exposed for Prometheus in any case, which is no push. */
const OTHERS: Readonly<Record<Signal, readonly string[]>> = { traces: ['none'], metrics: ['prometheus', 'none'] };

/**
 * Whether a standard variable says that nothing is sent: `OTEL_SDK_DISABLED=true`, or `OTEL_TRACES_EXPORTER` or `OTEL_METRICS_EXPORTER` with `none`.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function isOffByVariable(signal: Signal, environment: Environment): boolean {
  const exporters = exportersOf(signal, environment);
  const isDisabled = environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
  return isDisabled || (exporters.length > 0 && exporters.every((name) => OTHERS[signal].includes(name)));
}

/**
 * Refuses an exporter that there is not: its user would wait for what is never sent. Only for what is sent from here: the variable can be meant for another
 * SDK of the process.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION
 */
export function checkExporters(signal: Signal, environment: Environment): void {
  const known = ['otlp', ...OTHERS[signal]];
  const unknown = exportersOf(signal, environment).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidOption(variableOf(signal), unknown, known.join(', '));
}

const variableOf = (signal: Signal): string => `OTEL_${signal.toUpperCase()}_EXPORTER`;

function exportersOf(signal: Signal, environment: Environment): readonly string[] {
  const names = (environment[variableOf(signal)] ?? '').toLowerCase().split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
