/** A constructor parameter whose type is nothing at run time: an interface, a type alias, a primitive, a union. */
import type { Check } from '../finding.js';
import type { Project } from '../project/project.js';
import { type FoundParameter, parametersByType } from '../source/components.js';

export const injectedType: Check = {
  code: 'injected-type',
  about: 'every constructor takes classes, or says with @Inject or @Value what it takes',
  find: (project) =>
    parametersByType(project.sources).flatMap((found) => {
      const received = whatItIs(found, project);
      if (received === undefined) return [];
      const { file, component, parameter } = found;
      return [
        {
          level: 'error' as const,
          where: { file: project.shown(file.path), line: parameter.line },
          what: `The parameter ${parameter.name} of the constructor of ${component.name} ${received}: the container cannot know what to give it.`,
          fix: 'Take a class instead, or write @Inject(token) in front of it, or @Value(...) for a value of the configuration.',
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
