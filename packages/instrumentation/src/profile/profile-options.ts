/** The options of profiles, and their checks. */
import { profileOption } from './errors.js';

export interface ProfileOptions {
  /**
   * How long the profile takes, in seconds, from 0.1 to 60.
   * @default 10
   */
  readonly seconds?: number;
  /** Ends the profile early, without a result. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_SECONDS = 10;
export const FEWEST_SECONDS = 0.1;
export const MOST_SECONDS = 60;

/** A checked request for a profile. */
export interface ProfileRequest {
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
  /** Who gets the profile, for the errors of others: `127.0.0.1`. */
  readonly requestedBy: string;
}

/** @throws TSK_ERR_PROFILE_OPTION */
export function checkedOptions({ seconds = DEFAULT_SECONDS, signal }: ProfileOptions, source: string): ProfileRequest {
  return { seconds: checkedSeconds(seconds, source), signal, requestedBy: 'a call in the program' };
}

/** @throws TSK_ERR_PROFILE_OPTION */
export function checkedSeconds(value: unknown, source: string): number {
  if (typeof value === 'number' && value >= FEWEST_SECONDS && value <= MOST_SECONDS) return value;
  throw profileOption({ key: 'seconds', value, source, allowed: `a number from ${FEWEST_SECONDS} to ${MOST_SECONDS}` });
}
