/** The errors of misplaced decorators and invalid arguments of decorators. */
import { ApplicationError } from '../errors/application-error.js';
import { describeReceived } from '../errors/received.js';
import { nameOf } from '../errors/wording.js';

/** A decorator was written without parentheses. */
export function decoratorNotCalled(decorator: string, target: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DECORATOR_NOT_CALLED',
    `${decorator} on ${nameOf(target)} was written without parentheses. Write ${decorator}().`,
  );
}

/** A decorator has an invalid argument. */
export function decoratorArgument(decorator: string, given: unknown, fix: string): ApplicationError {
  return new ApplicationError('TSK_ERR_DECORATOR_ARGUMENT', `${decorator} was given ${printArgument(given)}. ${fix}`);
}

/** `@Inject` or `@Value` is on a property, which a class field would hide. */
export function decoratorOnProperty(decorator: string, target: object, property: string | symbol): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DECORATOR_PLACE',
    `${decorator} is on the property ${nameOf(target)}.${String(property)}, but Tsukimi does not inject into properties. ` +
      'Put it on a parameter of the constructor.',
  );
}

/** A method decorator is on a static member. */
export function decoratorOnStaticMember(decorator: string, target: object, member: string | symbol): ApplicationError {
  if (isStandardContext(member)) return decoratorCompiledAsStandard(decorator, member);
  return new ApplicationError(
    'TSK_ERR_DECORATOR_PLACE',
    `${decorator} is on ${nameOf(target)}.${String(member)}, which is static. Make it an instance method.`,
  );
}

/** The context object that a standard decorator gets instead of the name of the member. */
export interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol | undefined;
}

/** Whether the second argument of a decorator shows that it was compiled as a standard decorator. */
export function isStandardContext(member: unknown): member is StandardContext {
  return typeof member === 'object' && member !== null && 'kind' in member;
}

/** A decorator was compiled as a standard decorator, which does not get the class. */
export function decoratorCompiledAsStandard(decorator: string, { kind, name }: StandardContext): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DECORATOR_STANDARD',
    `${decorator} on the ${kind} ${String(name)} was compiled as a standard decorator, which does not know its class. ` +
      'Set "experimentalDecorators": true in the compilerOptions of the tsconfig.json that the build tool reads. tsx reads the tsconfig.json in the working directory.',
  );
}

function printArgument(given: unknown): string {
  return typeof given === 'function' || given === undefined ? nameOf(given) : describeReceived(given, { isPlain: true });
}
