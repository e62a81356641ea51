/** What becomes of rejections that nobody handles, of promises that methods hand on. */
import { invalidOption } from '../errors.js';

/**
 * Of a promise that a method returns without being `async`, and that rejects with nobody listening since: whether the process hears of it (`keep`), as it would
 * if the method had not dealt with it itself, or does not (`contain`), as it would if it had.
 */
export type Unhandled = 'keep' | 'contain';

/** @throws TSK_ERR_INSTRUMENTATION_OPTION if it is neither */
export function checkedUnhandled<T extends Unhandled | undefined>(value: T, source: string): T {
  if (value !== undefined && value !== 'keep' && value !== 'contain')
    throw invalidOption({ key: 'unhandled', value, source, allowed: "'keep' or 'contain'" });
  return value;
}
