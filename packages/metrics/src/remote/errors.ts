/** The errors of the addresses of other programs. */
import { MetricError } from '../errors.js';

/** @param problem what was received, and an example of a valid URL */
export const invalidRemoteUrl = (problem: string): MetricError =>
  new MetricError('TSK_ERR_REMOTE_URL', `${problem} In user and password, encode / as %2F and @ as %40.`);
