/** Whose fault a failure is. */
import { errorStatus } from '@tsukimi/core';

/** Whether an error says that its client asked for something impossible: one that a request is answered with a status of 400 to 499 for. */
export function isClientsFault(error: unknown): boolean {
  try {
    return errorStatus(error) < 500;
  } catch {
    // Its status can't be read: whatever it is, a request would be answered with 500.
    return false;
  }
}
