/** The errors of reading an exposition. */
import { DashboardError } from '../errors.js';

/** An invalid line of an exposition. */
export interface BrokenLine {
  /** The number of the line, from 1. */
  readonly lineNumber: number;
  readonly line: string;
  readonly why: string;
  /** Where the text comes from, such as the path of a file. */
  readonly source?: string | undefined;
}

// The line is not quoted, because text that is not a scrape may contain secrets.
export const invalidExposition = ({ lineNumber, line, why, source }: BrokenLine): DashboardError =>
  new DashboardError(
    'TSK_ERR_FAMILY_EXPOSITION',
    `Line ${lineNumber}${source === undefined ? '' : ` of ${source}`} (${line.length} character${line.length === 1 ? '' : 's'}) is not a valid line of Prometheus's text format: ${why}. Pass the unchanged response of /metrics/prometheus.`,
  );
