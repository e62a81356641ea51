/** Why an exposition cannot be read. */
import { DashboardError } from '../errors.js';

/** A line of an exposition that could not be read. */
export interface BrokenLine {
  /** From 1. */
  readonly lineNumber: number;
  readonly line: string;
  readonly why: string;
}

// The line is not quoted. Anything may stand in what is no scrape: a page, a file of secrets, an answer that repeats what was sent.
export const invalidExposition = ({ lineNumber, line, why }: BrokenLine): DashboardError =>
  new DashboardError(
    'TSK_ERR_FAMILY_EXPOSITION',
    `Line ${lineNumber} (${line.length} character${line.length === 1 ? '' : 's'}) is not a valid line of Prometheus's text format: ${why}. Pass the unchanged response of /metrics/prometheus.`,
  );
