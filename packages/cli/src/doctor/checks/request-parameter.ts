/** Finds route parameters whose type the compiler does not emit. They get text if the code expects a number or a boolean. */
import type { Check } from '../finding.js';
import { componentsOf, tsukimiName } from '../source/components.js';
import type { ConstructorParameter } from '../source/source-file.js';

const FROM_TEXT = new Set(['Param', 'Query', 'Header']);

export const requestParameter: Check = {
  code: 'request-parameter',
  about: 'every parameter from a path, a query or a header has a type that the compiler emits',
  find: ({ sources, shown }) =>
    componentsOf(sources).flatMap(({ file, component }) =>
      component.methods
        .flatMap(({ parameters }) => parameters)
        .filter(({ decorators }) => decorators.some((each) => FROM_TEXT.has(tsukimiName(file, each) ?? '') && each.text !== undefined))
        .flatMap((parameter) => {
          const wanted = unseenType(parameter);
          if (wanted === undefined) return [];
          return [
            {
              level: 'warning' as const,
              where: { file: shown(file.path), line: parameter.line },
              what: `The parameter ${parameter.name} of ${component.name} should be a ${wanted.type}, but the compiler does not emit its type, so it receives text.`,
              fix: `Declare ${wanted.write}.`,
            },
          ];
        }),
    ),
};

function unseenType({
  name,
  type,
  hasDefault,
  defaultType,
}: ConstructorParameter): { readonly type: string; readonly write: string } | undefined {
  if (type.kind === 'name') return undefined;
  if (type.text === undefined) {
    if (!hasDefault || defaultType === undefined || defaultType === 'string') return undefined;
    return { type: defaultType, write: `the type: ${name}: ${defaultType} = ...` };
  }
  const [, united] =
    /^\s*\(?(?:(?:undefined|null)\s*\|\s*)*(number|boolean|bigint)\s*(?:\|\s*(?:undefined|null)\s*)+\)?$|^$/.exec(`${type.text} `) ?? [];
  const [, last] = /^\s*(?:undefined|null)\s*\|\s*(number|boolean|bigint)\s*$/.exec(type.text) ?? [];
  const found = united ?? last;
  return found === undefined ? undefined : { type: found, write: `${name}?: ${found}` };
}
