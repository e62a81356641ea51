/** Checks the dependencies of an application before anything is constructed, and finds the order of construction. */

import type { Blueprint } from './blueprint.js';
import { declaredWithOtherCopy } from './copies-of-core.js';
import type { Class, Token } from './definition.js';
import { circularDependency, type DependencyRelatives, scopeMismatch, tokenTaken, unregisteredDependency } from './errors.js';
import type { ParameterSite } from './parameters.js';

/** The input of the checks. */
export interface GraphInput {
  readonly blueprints: readonly Blueprint[];
  /** Tokens that are not components, such as the values that extensions provide. */
  readonly provided: ReadonlySet<Token>;
  /** Tokens that only exist during an HTTP request. */
  readonly requestTokens: ReadonlySet<Token>;
}

/**
 * Checks that everything can be constructed.
 *
 * @returns the blueprints, each after everything it depends on.
 * @throws TSK_ERR_COMPONENT_TOKEN_TAKEN, TSK_ERR_COMPONENT_DEPENDENCY_UNREGISTERED, TSK_ERR_COMPONENT_DEPENDENCY_CIRCULAR, TSK_ERR_COMPONENT_DEPENDENCY_SCOPE
 */
export function checkGraph(input: GraphInput): readonly Blueprint[] {
  const owners = ownersByToken(input);
  for (const blueprint of input.blueprints) checkRegistered(blueprint, { ...input, owners });
  const order = constructionOrder(input.blueprints, owners);
  for (const blueprint of order) {
    if (blueprint.definition.scope === 'singleton') checkScope({ ...input, owners }, [blueprint]);
  }
  return order;
}

/** The blueprints that share a name with another one, and therefore share metrics. */
export function duplicateNames(blueprints: readonly Blueprint[]): ReadonlyMap<string, readonly string[]> {
  const makers = new Map<string, string[]>();
  for (const { definition, maker } of blueprints) makers.set(definition.name, [...(makers.get(definition.name) ?? []), maker]);
  return new Map([...makers].filter(([, sharing]) => sharing.length > 1));
}

/** Every token that a component depends on, including the configuration class of a provider. */
export function tokensNeededBy({ definition }: Blueprint): readonly Token[] {
  const tokens = definition.dependencies.map(({ token }) => token);
  return definition.provider === undefined ? tokens : [definition.provider.configuration, ...tokens];
}

type Owners = ReadonlyMap<Token, Blueprint>;
interface CheckInput extends GraphInput {
  readonly owners: Owners;
}

function ownersByToken({ blueprints, provided, requestTokens }: GraphInput): Owners {
  const owners = new Map<Token, Blueprint>();
  for (const blueprint of blueprints) {
    const { token } = blueprint.definition;
    const first =
      owners.get(token)?.maker ?? (provided.has(token) ? 'an extension' : requestTokens.has(token) ? 'the web layer' : undefined);
    if (first !== undefined) throw tokenTaken(token, first, blueprint.maker);
    owners.set(token, blueprint);
  }
  return owners;
}

function checkRegistered(blueprint: Blueprint, input: CheckInput): void {
  for (const { source, parameter } of blueprint.arguments) {
    if (source.kind !== 'token' || source.optional || isKnown(source.token, input)) continue;
    const site: ParameterSite = { maker: blueprint.maker, parameter };
    throw unregisteredDependency(site, source.token, relativesOf(source.token, input.blueprints));
  }
}

function isKnown(token: Token, { owners, provided, requestTokens }: CheckInput): boolean {
  return owners.has(token) || provided.has(token) || requestTokens.has(token);
}

function relativesOf(token: Token, blueprints: readonly Blueprint[]): DependencyRelatives {
  if (typeof token !== 'function') return { subclasses: [], hasNamesake: false, otherCopy: undefined };
  const types = blueprints.flatMap(({ definition }) => definition.type ?? []);
  return {
    subclasses: types.filter((type) => isSubclass(type, token)).map((type) => type.name),
    hasNamesake: types.some((type) => type.name === token.name),
    otherCopy: declaredWithOtherCopy(token),
  };
}

function isSubclass(type: Class, base: Class): boolean {
  return Object.prototype.isPrototypeOf.call(base, type);
}

function constructionOrder(blueprints: readonly Blueprint[], owners: Owners): readonly Blueprint[] {
  const done = new Set<Blueprint>();
  const visit = (blueprint: Blueprint, path: readonly Blueprint[]): void => {
    if (done.has(blueprint)) return;
    const start = path.indexOf(blueprint);
    if (start !== -1) throw circularDependency([...path.slice(start), blueprint].map(({ maker }) => maker));
    for (const dependency of dependenciesOf(blueprint, owners)) visit(dependency, [...path, blueprint]);
    done.add(blueprint);
  };
  // The application class comes last, so that everything else has started when its start hook runs.
  const isApplication = ({ definition }: Blueprint): boolean => definition.kind === 'application';
  for (const blueprint of blueprints.filter((each) => !isApplication(each))) visit(blueprint, []);
  for (const blueprint of blueprints.filter(isApplication)) visit(blueprint, []);
  return [...done];
}

// A singleton would keep the first request's instance forever, also if it gets it through a transient component.
function checkScope(input: CheckInput, path: readonly [Blueprint, ...Blueprint[]]): void {
  const last = path.at(-1) ?? path[0];
  for (const token of tokensNeededBy(last)) {
    const dependency = input.owners.get(token);
    if (input.requestTokens.has(token) || dependency?.definition.scope === 'request') {
      throw scopeMismatch({ path: path.map(({ maker }) => maker), requestScoped: dependency?.maker ?? String(token) });
    }
    if (dependency?.definition.scope === 'transient') checkScope(input, [...path, dependency]);
  }
}

function dependenciesOf(blueprint: Blueprint, owners: Owners): readonly Blueprint[] {
  return tokensNeededBy(blueprint).flatMap((token) => owners.get(token) ?? []);
}
