/** Numbers that come by the path. */
import { BadRequestError } from 'tsukimi';

export interface NumberRule {
  readonly name: string;
  readonly highest: number;
}

/** The number, if it is a whole one from 0 to the highest allowed; a 400 otherwise. */
export function wholeNumber(value: number, { name, highest }: NumberRule): number {
  if (!Number.isInteger(value) || value < 0 || value > highest)
    throw new BadRequestError(`${name} must be a whole number from 0 to ${highest}.`);
  return value;
}
