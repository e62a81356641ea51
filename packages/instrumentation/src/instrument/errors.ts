/** The errors of `instrument()`. */
import { InstrumentationError } from '../errors.js';

export const notAnObject = (value: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENT_TARGET',
    `instrument() was given ${value === null || value === undefined ? String(value) : `a ${typeof value}`}. Pass the object whose methods to measure, such as new OrderService().`,
  );

interface UnknownMethod {
  /** `include[0]` */
  readonly key: string;
  readonly entry: string;
  readonly guess: string | undefined;
}

export const methodUnknown = ({ key, entry, guess }: UnknownMethod): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENT_METHOD',
    `${key}: ${JSON.stringify(entry)} is not a method of the object passed to instrument(). ${guess === undefined ? 'Name a public method, or a function that the object holds; accessors, symbols and names with a leading underscore are never measured' : `Did you mean ${JSON.stringify(guess)}?`}${guess === undefined ? '.' : ''}`,
  );
