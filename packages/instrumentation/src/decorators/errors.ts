/** The errors of misused decorators. */
import { InstrumentationError, printed } from '../errors.js';

const EXAMPLES: Readonly<Record<string, string>> = { '@Instrumented': '', '@Slo': '{ objective: 99.9 }' };

export const decoratorNotCalled = (decorator: string, target: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_DECORATOR_NOT_CALLED',
    `${decorator} on ${target} was written without parentheses. Write ${decorator}(${EXAMPLES[decorator] ?? "{ name: '...' }"}).`,
  );

interface RefusedOptions {
  readonly decorator: string;
  readonly member: string;
  readonly what: string;
  readonly allowed: string;
}

export const invalidMethodMetric = ({ decorator, member, what, allowed }: RefusedOptions): InstrumentationError =>
  new InstrumentationError('TSK_ERR_DECORATOR_ARGUMENT', `${decorator} on ${member} was given ${what}. Use ${allowed}.`);

interface RefusedSlo {
  /** `OrderController`, `OrderController.create` */
  readonly member: string;
  readonly allowed: string;
}

export const invalidSlo = ({
  member,
  key,
  value,
  allowed,
}: RefusedSlo & { readonly key: string; readonly value: unknown }): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_DECORATOR_ARGUMENT',
    `@Slo on ${member} was given ${value === undefined ? `no ${key}` : `${key}: ${printed(value)}`}. Use ${allowed}.`,
  );

export const unknownSloOption = ({ member, key, allowed }: RefusedSlo & { readonly key: string }): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_DECORATOR_ARGUMENT',
    `@Slo on ${member} was given an unknown option, ${JSON.stringify(key)}. Use ${allowed}.`,
  );

export const sloTwice = (member: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_DECORATOR_TWICE',
    `@Slo is on ${member} twice. Keep one: each class and each method can have one objective.`,
  );
