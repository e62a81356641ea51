/** The errors of the namespaces `instrumentation` and `metrics`. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const invalidDefaultLabel = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRIC_LABEL_NAME',
    `${key}: ${printed(value)} is not a label name (${source}). Use letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus.`,
  );
