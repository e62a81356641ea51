/** The errors of totals. They are reported, because what one process sends must not break the metrics of the others. */
import { MetricError } from '../errors.js';

export const totalsConflict = (metric: string, worker: string, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_TOTAL_CONFLICT',
    `${metric}: ${worker} has it ${why}. This is normal while workers are restarted one by one with new code. If it stays, restart the application, so that all processes agree.`,
  );

export const totalsMessage = (worker: string, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_TOTAL_MESSAGE',
    `The metrics of ${worker} can't be added to the totals: ${why}. If its version of @tsukimi/metrics differs from that of the primary, restart the application.`,
  );
