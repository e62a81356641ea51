/** The classes of a project that the framework constructs. */

import type { ClassDeclaration, ConstructorParameter, Decorator, SourceFile } from './source-file.js';
import type { Sources } from './sources.js';

/** The packages that the decorators come from. */
const TSUKIMI = /^(tsukimi|@tsukimi\/[\w-]+)$/;
const ROLES = new Set(['Service', 'Repository', 'Controller', 'RestController', 'Component', 'Configuration', 'Application']);
const SOURCES_OF_PARAMETERS = new Set(['Inject', 'Value']);

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
