/** Finds files that import each other in a cycle and inject each other's classes: one of them runs before the other's class is declared. */
import type { Check } from '../finding.js';
import { type FoundParameter, parametersByType } from '../source/components.js';
import type { SourceFile } from '../source/source-file.js';
import type { Sources } from '../source/sources.js';

export const circularImports: Check = {
  code: 'circular-imports',
  about: 'no component and the class that it injects import each other in a cycle',
  find: ({ sources, shown }) => {
    const injected = parametersByType(sources).flatMap((found) => {
      const target = targetOf(found, sources);
      return target === undefined || target === found.file ? [] : [{ ...found, target }];
    });
    return injected.flatMap(({ file, component, parameter, target }) => {
      const back = sources.shortestPath(target, (each) => each === file);
      if (back === undefined) return [];
      const isMutual = injected.some((other) => other.file === target && other.target === file);
      return [
        {
          level: isMutual ? ('error' as const) : ('warning' as const),
          where: { file: shown(file.path), line: parameter.line },
          what: `${component.name} takes ${parameter.type.kind === 'name' ? parameter.type.name : ''}, and the files import each other in a cycle: ${[file, ...back].map(({ path }) => shown(path)).join(' -> ')}. ${
            isMutual ? 'The application fails to start' : 'If the first of them is imported first, the application fails to start'
          } with a ReferenceError.`,
          fix: 'Move what both need into a third file, or pass what one of them needs to a method instead of its constructor.',
        },
      ];
    });
  },
};

function targetOf({ file, parameter }: FoundParameter, sources: Sources): SourceFile | undefined {
  const place = parameter.type.kind === 'name' ? sources.placeOf(file, parameter.type.name) : undefined;
  return place?.kind === 'class' ? place.file : undefined;
}
