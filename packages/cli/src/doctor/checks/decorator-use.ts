/** Finds decorators where they cannot work: each stops the start, or the import of its file. */
import { isApplicationError, Value } from '@tsukimi/core';
import type { Check } from '../finding.js';
import { componentsOf, type FoundComponent, type NamedDecorator, named, ROLES, scopeOf, VERBS } from '../source/components.js';
import type { Decorator, MethodDeclaration } from '../source/source-file.js';
import type { Sources } from '../source/sources.js';

const SCOPES = ['singleton', 'transient', 'request'];
const HOOKS = new Set(['OnStart', 'BeforeDrain', 'OnStop']);
const OF_METHODS = new Set([...HOOKS, ...Object.keys(VERBS), 'Scheduled', 'Provider', 'HttpCode']);
const OF_PARAMETERS = new Set(['Inject', 'Value']);
const NEED_PARENTHESES = new Set([
  ...OF_METHODS,
  ...ROLES,
  ...OF_PARAMETERS,
  'Body',
  'Query',
  'Param',
  'Header',
  'Req',
  'Reply',
  'Instrumented',
]);
// biome-ignore lint/suspicious/noTemplateCurlyInString: @Value's own placeholders.
const EXPRESSION = "Write '${key}' or '${key:default}'.";
const TRIGGERS = ['fixedRate', 'fixedDelay', 'cron'];

export const decoratorUse: Check = {
  code: 'decorator-use',
  about: 'every decorator is called, is on a member where it works, and has a scope that fits',
  find: ({ sources, shown }) =>
    componentsOf(sources).flatMap((found) =>
      mistakesIn(found, sources).map(({ line, what, fix }) => ({
        level: 'error' as const,
        where: { file: shown(found.file.path), line },
        what: `${what}: the application fails to start.`,
        fix,
      })),
    ),
};

/** A mistake in a class. */
export interface Mistake {
  readonly line: number;
  readonly what: string;
  readonly fix: string;
}

function mistakesIn(found: FoundComponent, sources: Sources): readonly Mistake[] {
  const { component } = found;
  return [
    ...ofClass(found, sources),
    ...component.methods.flatMap((method) => ofMethod(found, method)),
    ...component.properties.flatMap(({ name, decorators }) =>
      named(found, decorators).flatMap(({ decorator, is }) =>
        OF_PARAMETERS.has(is) || OF_METHODS.has(is)
          ? [
              {
                line: decorator.line,
                what: `@${is} is on the property ${component.name}.${name}`,
                fix: OF_PARAMETERS.has(is) ? 'Put it on a parameter of the constructor.' : 'Put it on a method.',
              },
            ]
          : [],
      ),
    ),
    ...everyDecorator(found).flatMap(({ decorator, is }) => ofArguments(decorator, is, component.name)),
  ];
}

function ofClass(found: FoundComponent, sources: Sources): readonly Mistake[] {
  const { component } = found;
  const roles = named(found, component.decorators).filter(({ is }) => ROLES.has(is));
  const twice =
    roles.length < 2
      ? []
      : [
          {
            line: component.line,
            what: `${component.name} has ${roles.map(({ is }) => `@${is}`).join(' and ')}`,
            fix: 'Keep one of them.',
          },
        ];
  const scope = scopeOf(found);
  const unknown =
    scope === undefined || SCOPES.includes(scope)
      ? []
      : [{ line: component.line, what: `${component.name} has the unknown scope ${scope}`, fix: `Use one of ${SCOPES.join(', ')}.` }];
  return [...twice, ...unknown, ...shorterLived(found, sources)];
}

/** A singleton lives longer than the request of what it takes. */
function shorterLived(found: FoundComponent, sources: Sources): readonly Mistake[] {
  if (scopeOf(found) !== 'singleton') return [];
  return (found.component.parameters ?? []).flatMap(({ line, type, decorators }) => {
    const place = type.kind === 'name' && named(found, decorators).length === 0 ? sources.placeOf(found.file, type.name) : undefined;
    const component = place?.file.classes.find(({ name }) => name === place.name);
    if (place === undefined || component === undefined || scopeOf({ file: place.file, component }) !== 'request') return [];
    const what = `${found.component.name} lives as long as the application and takes ${place.name}, which lives for one request`;
    return [{ line, what, fix: `Set { scope: 'request' } on ${found.component.name} too.` }];
  });
}

function ofMethod(found: FoundComponent, method: MethodDeclaration): readonly Mistake[] {
  const { component } = found;
  const { name, line, isStatic, parameters } = method;
  const decorators = named(found, method.decorators);
  const has = (wanted: string) => decorators.some(({ is }) => is === wanted);
  const scope = scopeOf(found);
  const role = named(found, component.decorators).map(({ is }) => is);
  const at = (what: string, fix: string): Mistake => ({ line, what, fix });
  const onStatic = decorators.find(({ is }) => OF_METHODS.has(is));
  const hook = decorators.find(({ is }) => HOOKS.has(is));
  return [
    ...(isStatic && onStatic
      ? [at(`@${onStatic.is} is on ${component.name}.${name}, which is static`, 'Make it an instance method.')]
      : []),
    ...(has('Provider') && !role.includes('Configuration')
      ? [
          at(
            `${component.name}.${name} has @Provider(), but the class is not a @Configuration()`,
            'Declare the class with @Configuration().',
          ),
        ]
      : []),
    ...(has('Profile') && !has('Provider')
      ? [
          at(
            `@Profile is on ${component.name}.${name}, which is not a @Provider()`,
            'Move the method to a class of its own, and put @Profile on that.',
          ),
        ]
      : []),
    ...(hook && scope !== undefined && SCOPES.includes(scope) && scope !== 'singleton'
      ? [
          at(
            `${component.name}.${name} has @${hook.is}(), but the component is not a singleton`,
            'Make it a singleton, or remove the hook.',
          ),
        ]
      : []),
    ...(has('Scheduled') && scope === 'request'
      ? [at(`${component.name}.${name} is scheduled, but the component lives for one request`, 'Move the method to a singleton.')]
      : []),
    ...(has('Scheduled') && parameters.length > 0
      ? [at(`${component.name}.${name} is scheduled and has parameters`, 'Inject what it needs into the constructor.')]
      : []),
  ];
}

function ofArguments(decorator: Decorator, is: string, component: string): readonly Mistake[] {
  const { line } = decorator;
  if (!decorator.isCalled && NEED_PARENTHESES.has(is))
    return [{ line, what: `@${is} on ${component} is written without parentheses`, fix: `Write @${is}().` }];
  if (is === 'Value' && decorator.text !== undefined) {
    const refused = refusedExpression(decorator.text);
    return refused === undefined ? [] : [{ line, what: refused.replace(/\. Write .*$/, ''), fix: EXPRESSION }];
  }
  const triggers = is === 'Scheduled' ? TRIGGERS.filter((key) => decorator.options?.has(key)) : undefined;
  if (decorator.options === undefined || triggers === undefined || triggers.length === 1) return [];
  const what = `@Scheduled of ${component} has ${triggers.length === 0 ? 'no trigger' : triggers.join(' and ')}`;
  return [{ line, what, fix: `Set exactly one of ${TRIGGERS.join(', ')}.` }];
}

/** The framework's own message about the text of a `@Value`. */
function refusedExpression(text: string): string | undefined {
  try {
    Value(text);
    return undefined;
  } catch (error) {
    if (isApplicationError(error)) return error.message;
    throw error;
  }
}

function everyDecorator(found: FoundComponent): readonly NamedDecorator[] {
  const { decorators, methods, parameters, properties } = found.component;
  const ofParameters = [...(parameters ?? []), ...methods.flatMap((method) => method.parameters)];
  return named(found, [...decorators, ...[...methods, ...properties, ...ofParameters].flatMap((each) => each.decorators)]);
}
