/** What can be wrong with the address of another program. */
import { MetricError } from '../errors.js';

/** @param problem what was received, and a URL such as is expected */
export const invalidRemoteUrl = (problem: string): MetricError =>
  new MetricError('TSK_ERR_REMOTE_URL', `${problem} In user and password, encode / as %2F and @ as %40.`);
