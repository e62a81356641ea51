/** Reads what a check returned or threw, without throwing, and without showing what could be secret. */
import { withoutCredentials } from '../errors/credentials.js';
import { thrownMessage } from '../errors/thrown.js';
import type { HealthStatus } from './health.js';

const LONGEST_MESSAGE = 300;

/** How a run of a check ended. */
export interface Outcome {
  readonly status: HealthStatus;
  readonly message: string | null;
}

/** The outcome of a run that returned. */
export function outcomeOf(returned: unknown): Outcome {
  if (returned === false) return { status: 'down', message: null };
  if (typeof returned !== 'object' || returned === null) return { status: 'up', message: null };
  const { status, message } = returned as { readonly status?: unknown; readonly message?: unknown };
  if (status !== 'up' && status !== 'down') return { status: 'up', message: null };
  return { status, message: typeof message === 'string' ? shortened(message) : null };
}

/** The outcome of a run that threw. */
export function outcomeOfThrown(thrown: unknown): Outcome {
  return { status: 'down', message: shortened(thrownMessage(thrown)) };
}

function shortened(message: string): string {
  const clean = withoutCredentials(message);
  return clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}...` : clean;
}
