/** The classes of a project that the framework constructs. */

import type { ClassDeclaration, ConstructorParameter, Decorator, SourceFile } from './source-file.js';
import type { Sources } from './sources.js';

/** The packages that the decorators come from. */
const TSUKIMI = /^(tsukimi|@tsukimi\/[\w-]+)$/;
/** The decorators that make a class a component. */
export const ROLES: ReadonlySet<string> = new Set([
  'Service',
  'Repository',
  'Controller',
  'RestController',
  'Component',
  'Configuration',
  'Application',
]);
/** The HTTP method of each route decorator. */
export const VERBS: Readonly<Record<string, string>> = {
  Get: 'GET',
  GetMapping: 'GET',
  Post: 'POST',
  PostMapping: 'POST',
  Put: 'PUT',
  PutMapping: 'PUT',
  Patch: 'PATCH',
  PatchMapping: 'PATCH',
  Delete: 'DELETE',
  DeleteMapping: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
};
const SOURCES_OF_PARAMETERS = new Set(['Inject', 'Value']);

export function isTsukimi(module: string): boolean {
  return TSUKIMI.test(module);
}

/** A decorated class, and where it is. */
export interface FoundComponent {
  readonly file: SourceFile;
  readonly component: ClassDeclaration;
}

/** A parameter that the container has to fill by its type alone. */
export interface FoundParameter extends FoundComponent {
  readonly parameter: ConstructorParameter;
}

/** Every class with a role decorator of Tsukimi. */
export function componentsOf(sources: Sources): readonly FoundComponent[] {
  return sources.files.flatMap((file) =>
    file.classes.filter((declared) => isComponent(file, declared)).map((component) => ({ file, component })),
  );
}

/** The constructor parameters that have neither `@Inject`, nor `@Value`, nor a default. */
export function parametersByType(sources: Sources): readonly FoundParameter[] {
  return componentsOf(sources).flatMap(({ file, component }) =>
    (component.parameters ?? [])
      .filter(
        ({ hasDefault, decorators }) => !hasDefault && !decorators.some((each) => SOURCES_OF_PARAMETERS.has(tsukimiName(file, each) ?? '')),
      )
      .map((parameter) => ({ file, component, parameter })),
  );
}

/** Whether a class has one of the decorators that make it a component. */
export function isComponent(file: SourceFile, declared: ClassDeclaration): boolean {
  return declared.decorators.some((decorator) => ROLES.has(tsukimiName(file, decorator) ?? ''));
}

export function hasDecorator({ file, component }: FoundComponent, name: string): boolean {
  return component.decorators.some((decorator) => tsukimiName(file, decorator) === name);
}

/** The name that a decorator has in Tsukimi, whatever it was imported as; undefined if it comes from elsewhere. */
export function tsukimiName(file: SourceFile, { name, namespace }: Decorator): string | undefined {
  const imported = file.imports.get(namespace ?? name);
  if (imported === undefined || !TSUKIMI.test(imported.module)) return undefined;
  return namespace === undefined ? imported.name : name;
}

/** How long instances of a component live, as its role decorator says; undefined if that is not a literal. */
export function scopeOf({ file, component }: FoundComponent): string | undefined {
  const role = component.decorators.find((decorator) => ROLES.has(tsukimiName(file, decorator) ?? ''));
  if (role?.argument !== undefined && role.options === undefined && role.text === undefined) return undefined;
  const written = role?.options?.get('scope')?.text;
  return written === undefined ? 'singleton' : /^(['"`])(.*)\1$/.exec(written)?.[2];
}

/** A decorator of Tsukimi. */
export interface NamedDecorator {
  readonly decorator: Decorator;
  /** Its name in Tsukimi. */
  readonly is: string;
}

export function named({ file }: FoundComponent, decorators: readonly Decorator[]): readonly NamedDecorator[] {
  return decorators.flatMap((decorator) => {
    const is = tsukimiName(file, decorator);
    return is === undefined ? [] : [{ decorator, is }];
  });
}
