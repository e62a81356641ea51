/** What can be wrong with the address of another program. */
import { MetricError } from '../errors.js';

/** @param problem what was received, and an address such as is expected */
export const invalidRemoteUrl = (problem: string): MetricError =>
  new MetricError('TSK_ERR_REMOTE_URL', `${problem} In user and password, write / as %2F and @ as %40.`);
