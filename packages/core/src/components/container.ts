/** The container of one application, on top of tsyringe. It passes every instance to `onInstance` once. */
import 'reflect-metadata';
import { type DependencyContainer, container as globalContainer } from 'tsyringe';
import type { Argument, Blueprint } from './blueprint.js';
import { sameClassAmong } from './declared-components.js';
import type { ComponentDefinition, ConcreteClass, Token } from './definition.js';
import { noRequestScope, providerMissing, providerNotAsync, providerNotReady, providerReturnedNothing, unknownToken } from './errors.js';

/** The input of a container. */
export interface ContainerOptions {
  /** The checked blueprints, in the order of construction. */
  readonly blueprints: readonly Blueprint[];
  /** Provided values that are not components. */
  readonly values: ReadonlyMap<Token, unknown>;
  /** Tokens whose values belong to a request scope. */
  readonly requestTokens: ReadonlySet<Token>;
  /** Returns the value of a `@Value` parameter. */
  valueOf(argument: Argument): unknown;
  /** Called with each instance, right after its construction and before other code gets it. */
  onInstance(instance: object, definition: ComponentDefinition): void;
}

interface Shared extends ContainerOptions {
  readonly byToken: ReadonlyMap<Token, Blueprint>;
  readonly sameClass: (token: Token) => Token;
  readonly singletons: Map<ComponentDefinition, unknown>;
  /** The promises of async providers of singletons that are still running. */
  readonly pending: Map<ComponentDefinition, Promise<unknown>>;
}

type RequestInstances = Map<ComponentDefinition, unknown>;

// The token, in each request scope's own tsyringe container, of that request's instances.
const REQUEST_INSTANCES = Symbol('tsukimi:request-instances');

/** Returns the instances of one application, or of one request in it. */
export class ComponentContainer {
  readonly #shared: Shared;
  readonly #tsyringe: DependencyContainer;

  private constructor(shared: Shared, tsyringe: DependencyContainer) {
    this.#shared = shared;
    this.#tsyringe = tsyringe;
  }

  /** Registers everything; constructs nothing. */
  static create(options: ContainerOptions): ComponentContainer {
    const { blueprints } = options;
    const shared: Shared = {
      ...options,
      byToken: new Map(blueprints.map((blueprint) => [blueprint.definition.token, blueprint])),
      sameClass: sameClassAmong([...blueprints.map(({ definition }) => definition.token), ...options.values.keys()]),
      singletons: new Map(),
      pending: new Map(),
    };
    const tsyringe = globalContainer.createChildContainer();
    const root = new ComponentContainer(shared, tsyringe);
    for (const [token, value] of options.values) register(tsyringe, token, () => value);
    for (const blueprint of blueprints) register(tsyringe, blueprint.definition.token, (asking) => root.#provide(blueprint, asking));
    return root;
  }

  /**
   * Returns the instance for a token.
   * @throws TSK_ERR_COMPONENT_TOKEN_UNKNOWN if the application does not have the token.
   * @throws TSK_ERR_COMPONENT_REQUEST_SCOPE_MISSING for a request-scoped component outside a request.
   */
  resolve<T>(asked: Token<T>): T {
    const { byToken, values, requestTokens, sameClass } = this.#shared;
    const token = sameClass(asked);
    if (!byToken.has(token) && !values.has(token) && !requestTokens.has(token))
      throw unknownToken(token, [...byToken.keys(), ...values.keys()]);
    return lookUp(this.#tsyringe, token) as T;
  }

  /** Returns the instance of a component; a new one with each call if its scope is `transient`. */
  instanceOf(definition: ComponentDefinition): unknown {
    return this.resolve(definition.token);
  }

  /** Opens a container for one HTTP request. Request-scoped components live in it; singletons come from the application. */
  openRequestScope(values: ReadonlyMap<Token, unknown> = new Map()): ComponentContainer {
    const tsyringe = this.#tsyringe.createChildContainer();
    const instances: RequestInstances = new Map();
    register(tsyringe, REQUEST_INSTANCES, () => instances);
    for (const [token, value] of values) register(tsyringe, token, () => value);
    return new ComponentContainer(this.#shared, tsyringe);
  }

  /**
   * Constructs every singleton that does not exist yet, each after its dependencies, and waits for async providers.
   * @param onConstructed called with each singleton, in that order.
   */
  async constructSingletons(onConstructed: (instance: unknown, definition: ComponentDefinition) => void): Promise<void> {
    for (const blueprint of this.#shared.blueprints) {
      const { definition } = blueprint;
      if (definition.scope !== 'singleton') continue;
      const made = this.#singleton(blueprint);
      if (made instanceof Promise) this.#keep(blueprint, await made);
      onConstructed(this.instanceOf(definition), definition);
    }
  }

  #provide(blueprint: Blueprint, asking: DependencyContainer): unknown {
    const { scope } = blueprint.definition;
    if (scope === 'transient') return this.#makeSync(blueprint, asking);
    if (scope === 'request') return this.#provideInRequest(blueprint, asking);
    const made = this.#singleton(blueprint);
    if (made instanceof Promise) throw providerNotReady(blueprint.maker);
    return made;
  }

  /** The single instance; a promise while its async provider is running. */
  #singleton(blueprint: Blueprint): unknown {
    const { singletons, pending } = this.#shared;
    const { definition } = blueprint;
    if (singletons.has(definition)) return singletons.get(definition);
    // A singleton's dependencies always come from the application's container, even if a request resolves it first.
    const made = pending.get(definition) ?? this.#make(blueprint, this.#tsyringe);
    if (!(made instanceof Promise)) return this.#keep(blueprint, made);
    pending.set(definition, made);
    made.catch(() => undefined); // the start, which awaits it, reports it
    return made;
  }

  #keep(blueprint: Blueprint, instance: unknown): unknown {
    const announced = this.#announce(blueprint, instance);
    this.#shared.singletons.set(blueprint.definition, announced);
    return announced;
  }

  #provideInRequest(blueprint: Blueprint, asking: DependencyContainer): unknown {
    if (!asking.isRegistered(REQUEST_INSTANCES)) throw noRequestScope(blueprint.maker);
    const instances: RequestInstances = asking.resolve(REQUEST_INSTANCES);
    if (!instances.has(blueprint.definition)) instances.set(blueprint.definition, this.#makeSync(blueprint, asking));
    return instances.get(blueprint.definition);
  }

  #makeSync(blueprint: Blueprint, asking: DependencyContainer): unknown {
    const made = this.#make(blueprint, asking);
    if (!(made instanceof Promise)) return this.#announce(blueprint, made);
    made.catch(() => undefined);
    throw providerNotAsync(blueprint.maker, blueprint.definition.scope);
  }

  // Constructed here and not by tsyringe, which wraps the errors of constructors, and keeps every transient instance with a
  // `dispose` method until the application ends.
  #make({ definition, arguments: args }: Blueprint, from: DependencyContainer): unknown {
    const values = args.map((argument) => this.#argument(argument, from));
    const { type, provider } = definition;
    if (provider === undefined) return new (type as ConcreteClass)(...values);
    const configuration = lookUp(from, provider.configuration) as Record<string, (...args: unknown[]) => unknown>;
    if (typeof configuration[provider.method] !== 'function') throw providerMissing(provider);
    return configuration[provider.method]?.(...values);
  }

  #argument(argument: Argument, from: DependencyContainer): unknown {
    const { source } = argument;
    if (source.kind === 'default') return undefined;
    if (source.kind === 'value') return this.#shared.valueOf(argument);
    if (source.optional && !from.isRegistered(source.token as ConcreteClass, true)) return undefined;
    return lookUp(from, source.token);
  }

  #announce(blueprint: Blueprint, instance: unknown): unknown {
    if (instance === undefined) throw providerReturnedNothing(blueprint.maker);
    if ((typeof instance === 'object' && instance !== null) || typeof instance === 'function') {
      this.#shared.onInstance(instance, blueprint.definition);
    }
    return instance;
  }
}

// tsyringe's types do not allow abstract classes as tokens, and its value providers reject null and undefined.
function register(tsyringe: DependencyContainer, token: Token, factory: (asking: DependencyContainer) => unknown): void {
  tsyringe.register(token as ConcreteClass, { useFactory: factory });
}

function lookUp(tsyringe: DependencyContainer, token: Token): unknown {
  return tsyringe.resolve(token as ConcreteClass);
}
