/** The errors of the namespaces `instrumentation` and `metrics`. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidDefaultLabel = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRIC_LABEL_NAME',
    `${key}: ${printed(value)} is not a label name (${source}). Use letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus.`,
  );

export const observersNeedMetrics = (cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_EXTENSION_OBSERVERS',
    'callObservers() is an extension of an application that measures no calls. Put @Instrumented() above the application class, or remove the extension.',
    { cause },
  );
