/** The errors of metrics with several workers. */
import { InstrumentationError } from '../errors.js';

export const noTotals = (cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_WORKER_NO_TOTALS',
    'The primary process, which has the totals of all workers, did not answer. Metrics of this worker alone would be wrong, so there are none. Try again; if that does not help, look at the CPU usage of the primary.',
    { cause },
  );
