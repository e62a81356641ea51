/** Finds route parameters whose type the compiler does not emit: the start refuses them, because they would get text. */
import type { Check } from '../finding.js';
import { componentsOf, tsukimiName } from '../source/components.js';
import type { ConstructorParameter, SourceFile } from '../source/source-file.js';
import type { Sources } from '../source/sources.js';

const FROM_TEXT = new Set(['Param', 'Query', 'Header']);

export const requestParameter: Check = {
  code: 'request-parameter',
  about: 'every parameter from a path, a query or a header has a type that the compiler emits',
  find: ({ sources, shown }) =>
    componentsOf(sources).flatMap(({ file, component }) =>
      component.methods
        .flatMap(({ parameters }) => parameters)
        // A second argument may be a schema, and then the type does not matter.
        .filter(({ decorators }) =>
          decorators.some((each) => FROM_TEXT.has(tsukimiName(file, each) ?? '') && each.text !== undefined && each.argumentCount === 1),
        )
        .flatMap((parameter) => {
          const fix = fixOfUnseenType(parameter, file, sources);
          if (fix === undefined) return [];
          return [
            {
              level: 'error' as const,
              where: { file: shown(file.path), line: parameter.line },
              what: `The compiler does not emit the type of the parameter ${parameter.name} of ${component.name}, which would receive text: the application fails to start.`,
              fix,
            },
          ];
        }),
    ),
};

/** What to write for a type for which the compiler emits Object; undefined for one that it emits. */
function fixOfUnseenType({ name, type, defaultType }: ConstructorParameter, file: SourceFile, sources: Sources): string | undefined {
  const schema = 'or give a schema as the second argument of the decorator.';
  if (type.kind === 'name') {
    return sources.kindOf(file, type.name) === 'interface' ? `Declare it as string, number or boolean, ${schema}` : undefined;
  }
  if (type.text === undefined)
    return `Declare the type: ${name}: ${defaultType ?? 'string'}${defaultType === undefined ? '' : ' = ...'}, ${schema}`;
  const kinds = kindsIn(type.text);
  if (kinds === undefined || kinds.length < 2) return undefined;
  const [only, ...others] = kinds.filter((kind) => kind !== 'undefined' && kind !== 'null');
  return only !== undefined && others.length === 0
    ? `Declare ${name}?: ${only}, ${schema}`
    : `Declare it as string, number or boolean, ${schema}`;
}

/** The kinds of the members of a union; undefined if one of them is more than a keyword or a literal. */
function kindsIn(text: string): readonly string[] | undefined {
  const kinds = text
    .replace(/^\s*\(([^()]*)\)\s*$/, '$1')
    .split('|')
    .map((member) => member.trim())
    .filter((member) => member !== '')
    .map(kindOf);
  return kinds.includes(undefined) ? undefined : [...new Set(kinds.filter((kind) => kind !== undefined))];
}

function kindOf(member: string): string | undefined {
  if (/^(string|number|boolean|bigint|undefined|null)$/.test(member)) return member;
  if (/^(true|false)$/.test(member)) return 'boolean';
  if (/^-?[\d.]+$/.test(member)) return 'number';
  return /^(['"])[^'"]*\1$/.test(member) ? 'string' : undefined;
}
