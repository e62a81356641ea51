/** The extracted data of a TypeScript file. */

/** A name that a file imports. */
export interface ImportedName {
  /** As it is written: `./orders.js`, `tsukimi`. */
  readonly module: string;
  /** The name there; `*` for all of it, `default`. */
  readonly name: string;
  /** Whether it is `import type { A }` or `import { type A }`, which does not exist at run time. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** The kind of a declaration. Only classes can be injected by their type. */
export type DeclaredKind = 'class' | 'interface' | 'type alias' | 'enum' | 'function';

/** A name that a file exports. */
export type ExportedName = { readonly local: string } | { readonly module: string; readonly name: string };

export interface Decorator {
  /** The name it is used by: `Service`; for `tsukimi.Service()`, `tsukimi` is its namespace. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly line: number;
  /** Whether it has parentheses. */
  readonly isCalled: boolean;
  /** The first argument, if it is a string. */
  readonly text: string | undefined;
  readonly argumentCount: number;
  /** The first argument, as it is written. */
  readonly argument: string | undefined;
  /** The keys of the first argument, with what is written behind them, if it is an object without spreads. */
  readonly options: Options | undefined;
}

/** The keys of an object, with what is written behind them. */
export type Options = ReadonlyMap<string, { readonly text: string; readonly line: number }>;

/** The type of a parameter: a name, or something that has none. */
export type ParameterType =
  | { readonly kind: 'name'; readonly name: string }
  /** `string`, `A | B`, `{ ... }`; undefined if there is no type at all. */
  | { readonly kind: 'other'; readonly text: string | undefined };

export interface ConstructorParameter {
  readonly name: string;
  readonly line: number;
  readonly type: ParameterType;
  readonly hasDefault: boolean;
  /** `number` for `limit = 5`; undefined if there is no default, or one of another kind. */
  readonly defaultType?: string | undefined;
  readonly decorators: readonly Decorator[];
}

/** A method with what decides how it is called. */
export interface MethodDeclaration {
  readonly name: string;
  readonly line: number;
  readonly isStatic: boolean;
  readonly decorators: readonly Decorator[];
  readonly parameters: readonly ConstructorParameter[];
  /** Its decorators and the type that it returns, as they are written. */
  readonly signature: string;
}

export interface PropertyDeclaration {
  readonly name: string;
  readonly decorators: readonly Decorator[];
}

export interface ClassDeclaration {
  readonly name: string;
  readonly line: number;
  readonly decorators: readonly Decorator[];
  readonly methods: readonly MethodDeclaration[];
  readonly properties: readonly PropertyDeclaration[];
  /** Undefined if the class has no constructor of its own. */
  readonly parameters: readonly ConstructorParameter[] | undefined;
}

/** A call of a function by its name: `runApplication`, `tsukimi.runApplication`. */
export interface Call {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly line: number;
  /** The first argument, if it is a name. */
  readonly argument: string | undefined;
  /** The second argument, if it is an object. */
  readonly options: Options | undefined;
}

/** What a file calls, by when the call happens. */
export interface Calls {
  /** Every call, wherever it is. */
  readonly all: readonly Call[];
  /** The calls while the module is evaluated. */
  readonly whileEvaluated: readonly Call[];
  /** The calls that its evaluation waits for with a top-level `await`. */
  readonly awaited: readonly Call[];
  /** The modules of `await import('...')` at top level. */
  readonly awaitedImports: readonly string[];
  /** The calls in each function of the file. */
  readonly inFunctions: ReadonlyMap<string, readonly Call[]>;
}

/** One file, parsed. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  readonly classes: readonly ClassDeclaration[];
  readonly imports: ReadonlyMap<string, ImportedName>;
  /** Modules that are imported without a name: `import './main.js'`. */
  readonly importedForEffect: readonly string[];
  readonly calls: Calls;
  readonly declarations: ReadonlyMap<string, DeclaredKind>;
  readonly exports: ReadonlyMap<string, ExportedName>;
  /** The value of `configuration:` that an application is started with. */
  readonly configuration: string | undefined;
  /** Modules of `export * from`. */
  readonly exportsAllOf: readonly string[];
}
