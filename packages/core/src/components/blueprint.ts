/** Blueprints: how to construct the components of one application. */

import { nameOf } from '../errors/wording.js';
import { type ComponentDeclaration, sameClassAmong } from './declared-components.js';
import { Configuration } from './decorators.js';
import type { Class, ComponentDefinition, ConcreteClass, Dependency, Token } from './definition.js';
import { parameterNotInjectable, profileNotOnProvider, providerNotInConfiguration, providerWithoutToken, scopeUnknown } from './errors.js';
import { type Parameter, parametersOfConstructor, parametersOfMethod } from './parameters.js';
import { isMethodActive, profiledMethodsOf } from './profiles.js';
import { type ProviderDeclaration, providersOf } from './providers.js';
import type { ValueExpression } from './value-expression.js';

/** Where an argument comes from: another component, or the configuration. */
export type ArgumentSource =
  | { readonly kind: 'token'; readonly token: Token; readonly optional: boolean }
  | { readonly kind: 'value'; readonly expression: ValueExpression; readonly declaredType: unknown }
  /** The argument is left out, so that the parameter's own default applies. */
  | { readonly kind: 'default' };

/** One argument, and its place in the source for error messages. */
export interface Argument {
  readonly source: ArgumentSource;
  readonly parameter: Parameter;
}

/** A component, and what is needed to construct it. */
export interface Blueprint {
  readonly definition: ComponentDefinition;
  /** The constructor or method that creates it, for messages: `OrderService`, or `Databases.pool()`. */
  readonly maker: string;
  readonly arguments: readonly Argument[];
}

// What compilers emit for types that are not injectable classes. `Configuration` is an interface as a type; oxc emits the decorator of
// that name for it, tsc emits Object.
const NOT_A_COMPONENT: ReadonlySet<unknown> = new Set([
  ...[Object, Function, String, Number, Boolean, Array, Symbol, BigInt, Promise],
  Configuration,
]);

const SCOPES: ReadonlySet<string> = new Set(['singleton', 'transient', 'request']);

/** Whether a type that the compiler emitted can serve as a token. */
export function isInjectableType(type: unknown): type is Class {
  return typeof type === 'function' && !NOT_A_COMPONENT.has(type);
}

/**
 * Returns the blueprints of a declared class: its own, and for a configuration class those of its active `@Provider` methods.
 * @throws TSK_ERR_COMPONENT_PARAMETER_TYPE, TSK_ERR_COMPONENT_PROVIDER_TOKEN, TSK_ERR_COMPONENT_PROVIDER_NOT_IN_CONFIGURATION, TSK_ERR_COMPONENT_PROFILE_METHOD,
 *   TSK_ERR_COMPONENT_SCOPE
 */
export function blueprintsOf(declaration: ComponentDeclaration, profile: string | undefined): readonly Blueprint[] {
  const { target, kind, scope, name } = declaration;
  const own = blueprint(
    { name, kind, scope, token: target, type: target },
    { maker: target.name, parameters: parametersOfConstructor(target) },
  );
  const providers = providersOf(target);
  checkMethods(declaration, providers);
  const active = providers.filter(({ method }) => isMethodActive(target.prototype, method, profile));
  return [own, ...active.map((provider) => providerBlueprint(target, provider))];
}

/**
 * Returns the blueprint of a class that replaces a component, with the token, name and scope of that component.
 * @throws TSK_ERR_COMPONENT_PARAMETER_TYPE
 */
export function replacementBlueprint({ definition }: Blueprint, type: ConcreteClass): Blueprint {
  const { name, kind, scope, token, type: replaces } = definition;
  return blueprint(
    { name, kind, scope, token, type, ...(replaces !== undefined && { replaces }) },
    { maker: type.name, parameters: parametersOfConstructor(type) },
  );
}

/** Replaces tokens of older evaluations of a class in the arguments of blueprints by the class that the application has. */
export function withCurrentTokens(blueprints: readonly Blueprint[]): readonly Blueprint[] {
  const sameClass = sameClassAmong(blueprints.map(({ definition }) => definition.token));
  return blueprints.map((blueprint) => {
    const { definition } = blueprint;
    if (definition.dependencies.every(({ token }) => sameClass(token) === token)) return blueprint;
    const dependencies = definition.dependencies.map(({ index, token }) => Object.freeze({ index, token: sameClass(token) }));
    return {
      ...blueprint,
      definition: Object.freeze({ ...definition, dependencies: Object.freeze(dependencies) }),
      arguments: blueprint.arguments.map((argument) => {
        const { source } = argument;
        return source.kind === 'token' ? { ...argument, source: { ...source, token: sameClass(source.token) } } : argument;
      }),
    };
  });
}

// Reject decorators that would have no effect: a @Provider outside a configuration class, a @Profile on another method.
function checkMethods({ target, kind }: ComponentDeclaration, providers: readonly ProviderDeclaration[]): void {
  const [first] = providers;
  if (first !== undefined && kind !== 'configuration') throw providerNotInConfiguration(target, kind, first.method);
  const other = profiledMethodsOf(target).find((method) => !providers.some((provider) => provider.method === method));
  if (other !== undefined) throw profileNotOnProvider(target, String(other));
}

function providerBlueprint(configuration: Class, provider: ProviderDeclaration): Blueprint {
  const { method, returnType, scope = 'singleton' } = provider;
  const maker = `${nameOf(configuration)}.${method}()`;
  const type = isInjectableType(returnType) ? returnType : isInjectableType(provider.token) ? provider.token : undefined;
  const token = provider.token ?? type;
  if (token === undefined) throw providerWithoutToken(maker, returnType);
  return blueprint(
    { name: provider.name ?? type?.name ?? method, kind: 'provider', scope, token, type, provider: { configuration, method } },
    { maker, parameters: parametersOfMethod(configuration, method) },
  );
}

function blueprint(
  definition: Omit<ComponentDefinition, 'dependencies'>,
  made: { maker: string; parameters: readonly Parameter[] },
): Blueprint {
  if (!SCOPES.has(definition.scope)) throw scopeUnknown(made.maker, definition.scope);
  const args = made.parameters.map((parameter) => ({ parameter, source: argumentSource(made.maker, parameter) }));
  const dependencies: Dependency[] = [];
  for (const { source, parameter } of args) {
    if (source.kind === 'token') dependencies.push(Object.freeze({ index: parameter.index, token: source.token }));
  }
  return { definition: Object.freeze({ ...definition, dependencies: Object.freeze(dependencies) }), maker: made.maker, arguments: args };
}

function argumentSource(maker: string, parameter: Parameter): ArgumentSource {
  const { source, declaredType, hasDefault } = parameter;
  if (source !== undefined) {
    return 'token' in source ? { kind: 'token', token: source.token, optional: hasDefault } : { kind: 'value', ...source, declaredType };
  }
  if (isInjectableType(declaredType)) return { kind: 'token', token: declaredType, optional: hasDefault };
  if (hasDefault) return { kind: 'default' };
  throw parameterNotInjectable(maker, parameter);
}
