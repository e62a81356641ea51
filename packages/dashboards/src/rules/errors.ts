/** The errors of service level objectives. */
import { DashboardError, quote } from '../errors.js';

/** An invalid part of a service level objective. */
export interface RefusedSlo {
  readonly name: unknown;
  readonly what: string;
  readonly received: unknown;
  readonly allowed: string;
}

export const invalidSlo = ({ name, what, received, allowed }: RefusedSlo): DashboardError =>
  new DashboardError(
    'TSK_ERR_RULE_SLO',
    `The service level objective ${quote(name)} has ${quote(received)} as its ${what}. Use ${allowed}.`,
  );

export const conflictingSlo = (name: string, [first, second]: readonly [number, number]): DashboardError =>
  new DashboardError(
    'TSK_ERR_RULE_SLO_CONFLICT',
    `The service level objective ${quote(name)} exists twice, with ${first} and with ${second}. Keep one of them, or give them different names.`,
  );
