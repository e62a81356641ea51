/** A class that a constructor takes and that is no component: the container does not know how to make it. */
import type { Check } from '../finding.js';
import { isComponent, parametersByType, tsukimiName } from '../source/components.js';
import type { Sources } from '../source/sources.js';

export const undecoratedClass: Check = {
  code: 'undecorated-class',
  about: 'every class that is injected is a component, or made by a @Provider',
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
          what: `The parameter ${parameter.name} of the constructor of ${component.name} is a ${place.name}, which is no component (${shown(place.file.path)}:${declared.line}): the container does not make it.`,
          fix: `Write @Service() above ${place.name}, or make it in a method with @Provider() of a @Configuration() class.`,
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
