/** What the framework knows of a component before there is an instance of it. */

/** A class that may be constructed by the container; abstract classes serve as tokens only. */
// biome-ignore lint/suspicious/noExplicitAny: constructor parameters are contravariant; only `any` accepts every class.
export type Class<T = unknown> = abstract new (...args: any[]) => T;

/** A class whose constructor can be called. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type ConcreteClass<T = unknown> = new (...args: any[]) => T;

/** What a dependency is asked for by: a class, or a name for what has no class. */
export type Token<T = unknown> = Class<T> | string | symbol;

/** The role a class was given by its decorator. */
export type ComponentKind = 'application' | 'component' | 'service' | 'repository' | 'controller' | 'configuration' | 'provider';

/** How long an instance lives: for the application, for one resolution, or for one HTTP request. */
export type Scope = 'singleton' | 'transient' | 'request';

/** One constructor parameter, or one parameter of a provider method. */
export interface Dependency {
  /** Position in the parameter list, from 0. */
  readonly index: number;
  readonly token: Token;
}

/** A component of one application. */
export interface ComponentDefinition {
  /** The class's name, or the name given to its decorator; `component` label of its metrics. */
  readonly name: string;
  readonly kind: ComponentKind;
  readonly scope: Scope;
  /** The token others ask for it by. */
  readonly token: Token;
  /** The decorated class; for what a `@Provider` method makes, the declared return type if it is a class. */
  readonly type: Class | undefined;
  readonly dependencies: readonly Dependency[];
  /** For what a `@Provider` method makes: the configuration class and the method's name. */
  readonly provider?: { readonly configuration: Class; readonly method: string };
  /** The class that `type` stands in for, in a test: its hooks and schedules do not run, even where `type` extends it. */
  readonly replaces?: Class;
}
