/** The options of `@Slo`. */
import { invalidSlo, unknownSloOption } from './errors.js';

export interface SloOptions {
  /** The target share of good calls, in percent, more than 1 and less than 100. A ratio such as 0.999 is rejected, because an alert on it could never fire. */
  readonly objective: number;
  /** The maximum duration of a good call, in milliseconds, more than 0. Without it, every successful call is good. */
  readonly latencyMs?: number;
}

interface Rule {
  readonly isMet: (value: unknown) => boolean;
  readonly allowed: string;
}

const RULES: Readonly<Record<keyof SloOptions, Rule>> = {
  objective: {
    isMet: (value) => typeof value === 'number' && value > 1 && value < 100,
    allowed: 'a percentage above 1 and below 100, such as { objective: 99.9 } and not 0.999',
  },
  latencyMs: {
    isMet: (value) => value === undefined || (typeof value === 'number' && value > 0 && Number.isFinite(value)),
    allowed: 'a number of milliseconds greater than 0, such as { objective: 99.9, latencyMs: 250 }',
  },
};

/** @throws TSK_ERR_DECORATOR_ARGUMENT with the class and member */
export function checkSloOptions(options: unknown, member: string): asserts options is SloOptions {
  if (typeof options !== 'object' || options === null)
    throw invalidSlo({ member, key: 'options', value: options, allowed: RULES.objective.allowed });
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(RULES, key));
  if (unknown !== undefined) throw unknownSloOption({ member, key: unknown, allowed: 'objective, and latencyMs for a latency threshold' });
  for (const [key, { isMet, allowed }] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, key);
    if (!isMet(value)) throw invalidSlo({ member, key, value, allowed });
  }
}
