/** The definition of a component. */

/** A class. Abstract classes can only be tokens; the container does not construct them. */
// biome-ignore lint/suspicious/noExplicitAny: constructor parameters are contravariant; only `any` accepts every class.
export type Class<T = unknown> = abstract new (...args: any[]) => T;

/** A class whose constructor can be called. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type ConcreteClass<T = unknown> = new (...args: any[]) => T;

/** The identifier by which a dependency is injected: a class, or a string or symbol. */
export type Token<T = unknown> = Class<T> | string | symbol;

/** The role of a component, from its decorator. */
export type ComponentKind = 'application' | 'component' | 'service' | 'repository' | 'controller' | 'configuration' | 'provider';

/** How long an instance lives: as long as the application, for one injection, or for one HTTP request. */
export type Scope = 'singleton' | 'transient' | 'request';

/** One constructor parameter, or one parameter of a provider method. */
export interface Dependency {
  /** Position in the parameter list, from 0. */
  readonly index: number;
  readonly token: Token;
}

/** The definition of a component of one application. */
export interface ComponentDefinition {
  /** The name of the class, or the `name` option of its decorator. It is the `component` label of its metrics. */
  readonly name: string;
  readonly kind: ComponentKind;
  readonly scope: Scope;
  /** The token by which the component is injected. */
  readonly token: Token;
  /** The decorated class. For the component of a `@Provider` method, the declared return type if that is a class. */
  readonly type: Class | undefined;
  readonly dependencies: readonly Dependency[];
  /** For the component of a `@Provider` method: the configuration class and the name of the method. */
  readonly provider?: { readonly configuration: Class; readonly method: string };
  /** In a test, the class that `type` replaces. Its hooks and schedules do not run, even if `type` extends it. */
  readonly replaces?: Class;
}
