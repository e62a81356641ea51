/** The errors of `tsukimi init`. */
import { UsageError } from '../errors.js';

export const nameMissing = (): UsageError =>
  new UsageError(
    'TSK_ERR_INIT_NAME_MISSING',
    'The project needs a name, and there is no terminal to ask for one. Pass it: tsukimi init shop',
  );

export const invalidName = (name: string, problem: string): UsageError =>
  new UsageError(
    'TSK_ERR_INIT_NAME',
    `A project can't be called ${JSON.stringify(name.slice(0, LONGEST_PRINTED))}: the name ${problem}. Use a valid npm package name, such as shop or @moon/shop.`,
  );

const LONGEST_PRINTED = 120;
