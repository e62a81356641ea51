/** The errors of declaring and wiring components. */

import { ApplicationError } from '../errors/application-error.js';
import { nearest } from '../errors/nearest.js';
import { describeReceived } from '../errors/received.js';
import { nameOf } from '../errors/wording.js';
import type { Class, ComponentKind, Scope, Token } from './definition.js';
import { describeSite, type Parameter, type ParameterSite } from './parameters.js';

/** A class carries two role decorators. */
export function componentDeclaredTwice(target: Class, existing: ComponentKind, added: ComponentKind): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_DECLARED_TWICE',
    `${nameOf(target)} is declared as ${existing} and again as ${added}. Keep one of the two decorators.`,
  );
}

/** `components` lists a class without a role. */
export function componentUndeclared(found: {
  component: Class;
  application: Class;
  /** Says which other copy of the package declared it. */
  otherCopy: string | undefined;
}): ApplicationError {
  const { component, application, otherCopy } = found;
  const fix = otherCopy ?? 'Decorate it with @Service(), @Repository(), @Controller(), @Configuration() or @Component().';
  return new ApplicationError(
    'TSK_ERR_COMPONENT_UNDECLARED',
    `${nameOf(component)} is listed in the components of ${nameOf(application)}, but has no role. ${fix}`,
  );
}

/** A class or a provider has a scope that does not exist. */
export function scopeUnknown(maker: string, scope: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_SCOPE',
    `${maker} has the scope ${describeReceived(scope)}. Write 'singleton', 'transient' or 'request'.`,
  );
}

/** `@Provider` is on a method of a class that is not a configuration. */
export function providerNotInConfiguration(component: Class, kind: ComponentKind, method: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_NOT_IN_CONFIGURATION',
    `${nameOf(component)}.${method} has @Provider(), but ${nameOf(component)} is declared as ${kind}. Declare it with @Configuration().`,
  );
}

/** `@Profile` is on a method that is not a provider, where it has no effect. */
export function profileNotOnProvider(component: Class, method: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROFILE_METHOD',
    `${nameOf(component)}.${method} has @Profile(), which works only on classes and @Provider() methods. Move the method to a separate class, and put @Profile() on that class.`,
  );
}

/** The type of a parameter is not a class, and no decorator says what to inject. */
export function parameterNotInjectable(maker: string, parameter: Parameter): ApplicationError {
  const { declaredType } = parameter;
  const seen =
    declaredType === undefined
      ? 'no type, because the compiler emitted none'
      : `the type ${nameOf(declaredType)}, which is not a component`;
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PARAMETER_TYPE',
    `${describeSite({ maker, parameter })} has ${seen}. ${parameterFix(parameter)}`,
  );
}

function parameterFix({ declaredType, inheritedFrom }: Parameter): string {
  if (declaredType === undefined && inheritedFrom !== undefined) {
    return `The constructor is inherited from ${nameOf(inheritedFrom)}, and compilers emit types only for classes with a decorator. Add @Inject(Token) to the parameter there, or add a constructor to the class.`;
  }
  if (declaredType === undefined) {
    return 'Build with a compiler that emits decorator metadata (tsc with "emitDecoratorMetadata": true; esbuild and tsx do not), or add @Inject(Token).';
  }
  if ([String, Number, Boolean, Array].some((primitive) => primitive === declaredType)) {
    return `Add @Value('\${some.key}') for a configuration value, or @Inject(Token).`;
  }
  return 'Import its class with "import", not "import type", from a file that does not import this one back. If the type is not a class, add @Inject(Token).';
}

/** A provider method has neither a token nor a class as its return type. */
export function providerWithoutToken(maker: string, returnType: unknown): ApplicationError {
  const seen = returnType === undefined ? 'no declared return type' : `the return type ${nameOf(returnType)}`;
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_TOKEN',
    `${maker} has ${seen}, so nothing can inject its value. Declare a class as its return type, or write @Provider({ token }).`,
  );
}

/** Two makers for one token. */
export function tokenTaken(token: Token, first: string, second: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_TOKEN_TAKEN',
    `${nameOf(token)} is provided by ${first} and by ${second}. Remove one of them, use a different token for one, or activate them in different profiles with @Profile.`,
  );
}

/** Components that are related to a class that is not a component. */
export interface DependencyRelatives {
  /** The names of components that extend it. */
  readonly subclasses: readonly string[];
  /** Whether a component of the same name, but another class, exists. */
  readonly hasNamesake: boolean;
  /** Says which other copy of the package declared it. */
  readonly otherCopy: string | undefined;
}

/** A component injects something that the application does not have. */
export function unregisteredDependency(
  site: ParameterSite,
  token: Token,
  { subclasses, hasNamesake, otherCopy }: DependencyRelatives,
): ApplicationError {
  const name = nameOf(token);
  const instead = subclasses.length > 0 ? ` Or inject ${subclasses.join(' or ')}, which extends it.` : '';
  const namesake = hasNamesake
    ? ` Another class of that name is a component: a decorator above ${name} replaces the class, or its file is loaded twice.`
    : '';
  const fix =
    otherCopy ??
    (typeof token === 'function'
      ? `Decorate ${name} with @Service(), @Repository() or @Component(), and make sure that it is imported, or listed in the components of @Application, and active in this profile. Or add @Inject(Token) to the parameter.`
      : `Provide it with @Provider({ token }) in a @Configuration class, or from an extension.`);
  return new ApplicationError(
    'TSK_ERR_COMPONENT_DEPENDENCY_UNREGISTERED',
    `${describeSite(site)} asks for ${name}, which is not a component of this application.${namesake} ${fix}${instead}`,
  );
}

/** Components depend on each other in a cycle. */
export function circularDependency(path: readonly string[]): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_DEPENDENCY_CIRCULAR',
    `Components depend on each other in a circle: ${path.join(' -> ')}. Move what they share into a third class and inject it into both, or let one component pass itself to the other in an @OnStart() method.`,
  );
}

/** A singleton depends on a request-scoped component. */
export function scopeMismatch({ path, requestScoped }: { path: readonly string[]; requestScoped: string }): ApplicationError {
  const [singleton = ''] = path;
  return new ApplicationError(
    'TSK_ERR_COMPONENT_DEPENDENCY_SCOPE',
    `${singleton} lives as long as the application, but depends on ${requestScoped}, which lives for one request: ${[...path, requestScoped].join(' -> ')}. Give ${singleton} the scope too: { scope: 'request' }.`,
  );
}

/** A token was resolved that the application does not have. */
export function unknownToken(token: Token, known: readonly Token[]): ApplicationError {
  const guess = nearest(nameOf(token), known.map(nameOf));
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  return new ApplicationError(
    'TSK_ERR_COMPONENT_TOKEN_UNKNOWN',
    `${nameOf(token)} was resolved, but is not a component of this application.${hint} Decorate the class and import it, or provide the token in a @Configuration class.`,
  );
}

/** A request-scoped component was resolved outside a request. */
export function noRequestScope(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_REQUEST_SCOPE_MISSING',
    `${maker} lives for one HTTP request, but was resolved outside of a request. Inject it into a controller with { scope: 'request' }.`,
  );
}

/** A provider's promise is not settled yet. */
export function providerNotReady(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_NOT_READY',
    `${maker} is async, and was resolved before its promise resolved. Resolve it when the application has started; ` +
      'in an extension, resolve it in the step started, or inside a hook or route that the step server adds.',
  );
}

/** An async provider whose component is not a singleton, so that nothing can wait for it. */
export function providerNotAsync(maker: string, scope: Scope): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_ASYNC',
    `${maker} is async and has the scope ${scope}: only singletons can be async, because only the start waits for promises. Make it a singleton, or return the object synchronously.`,
  );
}

/** A provider returned undefined. */
export function providerReturnedNothing(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_NOTHING',
    `${maker} returned undefined. Return the component, or null if there is none.`,
  );
}

/** The replacement of a configuration class lacks a provider method. */
export function providerMissing({ configuration, method }: { configuration: Class; method: string }): ApplicationError {
  const name = nameOf(configuration);
  return new ApplicationError(
    'TSK_ERR_COMPONENT_PROVIDER_MISSING',
    `What replaces ${name} has no method ${method}(), by which ${name} provides a component. Give it that method, or replace the component itself and not ${name}.`,
  );
}
