/** What a mistake in the code is answered with. */
import { describeError } from './start.js';

/** The error that something throws, as `code: message`. */
export function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return describeError(error);
  }
  throw new Error('it did not throw');
}
