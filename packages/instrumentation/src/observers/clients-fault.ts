/** Whose fault a failure is. */
import { errorStatus } from '@tsukimi/core';

/** Whether an error was made to tell its client that it asked for something impossible: one that a controller's request is answered with 400 to 499 for. */
export function isClientsFault(error: unknown): boolean {
  return errorStatus(error) < 500;
}
