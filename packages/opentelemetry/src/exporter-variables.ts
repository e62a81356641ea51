/** What the standard variables say of exporters: whether a signal is off, and whether it is sent by OTLP. */
import { invalidOption } from './errors.js';
import type { Environment } from './options.js';

/** What is sent. */
export type Signal = 'traces' | 'metrics';

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
