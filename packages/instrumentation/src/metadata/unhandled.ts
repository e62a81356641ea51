/** The option `unhandled`: what happens to unhandled rejections of returned promises. */
import { invalidOption } from '../errors.js';

/**
 * What happens if a promise that a non-async method returned rejects and nothing handles the rejection. `keep`: the process emits
 * `unhandledRejection`, as if the method had not handled it. `contain`: it does not, as if the method had handled it.
 */
export type Unhandled = 'keep' | 'contain';

/** @throws TSK_ERR_INSTRUMENTATION_OPTION if the value is neither */
export function checkedUnhandled<T extends Unhandled | undefined>(value: T, source: string): T {
  if (value !== undefined && value !== 'keep' && value !== 'contain')
    throw invalidOption({ key: 'unhandled', value, source, allowed: "'keep' or 'contain'" });
  return value;
}
