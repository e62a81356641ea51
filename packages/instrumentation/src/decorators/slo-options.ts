/** What `@Slo` may be given. */
import { invalidSlo, unknownSloOption } from './errors.js';

export interface SloOptions {
  /** How many of the calls are to be good, in percent: more than 1, less than 100. 0.999, the ratio, is refused: an alert on it could never fire. */
  readonly objective: number;
  /** How long a good call may take, in milliseconds: more than 0. Unless it is given, any success is good. */
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

/** @throws TSK_ERR_DECORATOR_ARGUMENT naming class and member */
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
