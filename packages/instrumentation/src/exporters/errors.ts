/** The errors of exporters in an application. */
import type { MetricError } from '@tsukimi/metrics';
import { InstrumentationError } from '../errors.js';

export const notInstrumented = (namespace: string, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_EXPORTER_NO_REGISTRY',
    `The exporter ${namespace} finds no metrics in this application. Put @Instrumented() above the application class, inject InstrumentationProvider, or set ${namespace}.enabled to false.`,
    { cause },
  );

interface Unreachable {
  readonly namespace: string;
  readonly error: MetricError | undefined;
  readonly timeoutMs: number;
}

export const requiredUnreachable = ({ namespace, error, timeoutMs }: Unreachable): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_EXPORTER_REQUIRED',
    `The first push of the exporter ${namespace} failed, and ${namespace}.required is true. ${error?.message ?? `It was not confirmed within ${timeoutMs} ms.`} To start without it, set ${namespace}.required to false.`,
    { cause: error },
  );
