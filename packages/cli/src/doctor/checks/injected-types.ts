/** Checks of what constructors take by type: a class, imported as one, that is a component. */
import type { Check } from '../finding.js';
import type { Project } from '../project/project.js';
import { type FoundParameter, isComponent, parametersByType, tsukimiName } from '../source/components.js';
import type { Sources } from '../source/sources.js';

/** A type that is nothing at run time: an interface, a type alias, a primitive, a union. */
export const injectedType: Check = {
  code: 'injected-type',
  about: 'every constructor parameter is a class, or has @Inject or @Value',
  find: (project) =>
    parametersByType(project.sources).flatMap((found) => {
      const received = whatItIs(found, project);
      if (received === undefined) return [];
      const { file, component, parameter } = found;
      return [
        {
          level: 'error' as const,
          where: { file: project.shown(file.path), line: parameter.line },
          what: `The parameter ${parameter.name} of the constructor of ${component.name} ${received}: the container does not know what to inject.`,
          fix: 'Use a class as its type, or put @Inject(token) in front of it, or @Value(...) for a value from the configuration.',
        },
      ];
    }),
};

/** `is an interface (Clock)`; undefined for a class, and for what comes from outside of the project. */
function whatItIs({ file, parameter }: FoundParameter, { sources }: Project): string | undefined {
  const { type } = parameter;
  if (type.kind === 'other') return type.text === undefined ? 'has no type' : `has the type ${type.text.replace(/\s+/g, ' ')}`;
  const kind = sources.kindOf(file, type.name);
  if (kind === undefined || kind === 'class') return undefined;
  return `is ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} (${type.name})`;
}

/** `import type` on an injected class: it compiles, but at run time there is no class to inject. */
export const typeOnlyImport: Check = {
  code: 'type-only-import',
  about: 'no injected class is imported with `import type`',
  find: (project) =>
    parametersByType(project.sources).flatMap(({ file, component, parameter }) => {
      const { type } = parameter;
      const imported = type.kind === 'name' ? file.imports.get(type.name) : undefined;
      if (type.kind !== 'name' || imported?.isTypeOnly !== true) return [];
      // An interface is another mistake, with another fix: see injectedType.
      const kind = project.sources.kindOf(file, type.name);
      if (kind !== undefined && kind !== 'class') return [];
      return [
        {
          level: 'error' as const,
          where: { file: project.shown(file.path), line: imported.line },
          what: `${type.name} is imported as a type, but the constructor of ${component.name} injects it (parameter ${parameter.name}): at run time, the class is missing.`,
          fix: `Import it without "type", and disable the lint rule that adds it (Biome: useImportType, typescript-eslint: consistent-type-imports).`,
        },
      ];
    }),
};

/** An injected class that is not a component: the container cannot create it. */
export const undecoratedClass: Check = {
  code: 'undecorated-class',
  about: 'every injected class is a component, or created by a @Provider',
  find: ({ sources, shown }) =>
    parametersByType(sources).flatMap(({ file, component, parameter }) => {
      const { type } = parameter;
      const place = type.kind === 'name' ? sources.placeOf(file, type.name) : undefined;
      const declared = place?.file.classes.find(({ name }) => name === place.name);
      if (place === undefined || declared === undefined || isComponent(place.file, declared) || isProvided(sources, place.name)) return [];
      return [
        {
          level: 'error' as const,
          where: { file: shown(file.path), line: parameter.line },
          what: `The parameter ${parameter.name} of the constructor of ${component.name} is a ${place.name}, which is not a component (${shown(place.file.path)}:${declared.line}): the container cannot create it.`,
          fix: `Add @Service() to ${place.name}, or create it in a @Provider() method of a @Configuration() class.`,
        },
      ];
    }),
};

function isProvided(sources: Sources, name: string): boolean {
  const word = new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`);
  return sources.files.some((file) =>
    file.classes.some(({ methods }) =>
      methods.some(
        ({ decorators, signature }) => decorators.some((each) => tsukimiName(file, each) === 'Provider') && word.test(signature),
      ),
    ),
  );
}
