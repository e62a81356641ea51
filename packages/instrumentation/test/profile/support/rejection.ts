/** What a promise is rejected with. */
import { describeError } from '../../support/start.js';

/** As `code: message`. */
export async function rejection(promise: Promise<unknown> | (() => Promise<unknown>)): Promise<string> {
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    return describeError(error);
  }
  throw new Error('it was not rejected');
}
