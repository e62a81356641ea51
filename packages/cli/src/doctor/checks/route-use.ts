/** Finds routes that the start refuses: on other components, served twice, with parameters that get no value. */
import type { Check } from '../finding.js';
import { componentsOf, type FoundComponent, named, VERBS } from '../source/components.js';
import type { MethodDeclaration } from '../source/source-file.js';
import type { Mistake } from './decorator-use.js';

const SOURCES = new Set(['Body', 'Query', 'Param', 'Header', 'Req', 'Reply']);

interface Route {
  readonly found: FoundComponent;
  readonly method: MethodDeclaration;
  readonly verb: string;
  /** Undefined if a part of it is not a literal. */
  readonly path: string | undefined;
}

export const routeUse: Check = {
  code: 'route-use',
  about: 'every route is on a controller, is served once, and has parameters that get a value',
  find: ({ sources, shown }) => {
    const routes = componentsOf(sources).flatMap(routesOf);
    const mistakes = routes.flatMap((route) => mistakesOf(route).map((mistake) => ({ found: route.found, mistake })));
    return [...mistakes, ...servedTwice(routes)].map(({ found, mistake: { line, what, fix } }) => ({
      level: 'error',
      where: { file: shown(found.file.path), line },
      what: `${what}: the application fails to start.`,
      fix,
    }));
  },
};

function routesOf(found: FoundComponent): readonly Route[] {
  const controller = named(found, found.component.decorators).find(({ is }) => is === 'Controller' || is === 'RestController')?.decorator;
  const prefix = controller?.argument === undefined ? '' : controller.text;
  return found.component.methods.flatMap((method) =>
    named(found, method.decorators).flatMap(({ decorator, is }) => {
      const verb = VERBS[is];
      const path = decorator.argument === undefined ? '' : decorator.text;
      return verb === undefined
        ? []
        : [{ found, method, verb, path: prefix === undefined || path === undefined ? undefined : joined(prefix, path) }];
    }),
  );
}

function mistakesOf({ found, method, verb, path }: Route): readonly Mistake[] {
  const { component } = found;
  const name = `${component.name}.${method.name}`;
  const isController = named(found, component.decorators).some(({ is }) => is === 'Controller' || is === 'RestController');
  const status = named(found, method.decorators).find(({ is }) => is === 'HttpCode')?.decorator.argument;
  const isStatus = status === undefined || !/^\d+$/.test(status) || (Number(status) >= 200 && Number(status) <= 599);
  // The start looks at the length of the function, which ends before the first default.
  const firstDefault = method.parameters.findIndex(({ hasDefault }) => hasDefault);
  const required = firstDefault === -1 ? method.parameters.length : firstDefault;
  return [
    ...(isController
      ? []
      : [
          {
            line: method.line,
            what: `${name} has a route, but the class is not a @Controller()`,
            fix: 'Declare the class with @Controller().',
          },
        ]),
    ...(isStatus ? [] : [{ line: method.line, what: `@HttpCode of ${name} is ${status}`, fix: 'Use a status from 200 to 599.' }]),
    ...method.parameters.flatMap(({ name: parameter, line, decorators }, index): readonly Mistake[] => {
      const sources = named(found, decorators).filter(({ is }) => SOURCES.has(is));
      const [source] = sources;
      const at = `The parameter ${parameter} of ${name}`;
      if (decorators.length === 0 && index < required)
        return [
          {
            line,
            what: `${at} has no decorator, so it would get no value`,
            fix: 'Put @Param, @Query, @Header, @Body, @Req or @Reply on it.',
          },
        ];
      if (sources.length > 1)
        return [{ line, what: `${at} has ${sources.map(({ is }) => `@${is}`).join(' and ')}`, fix: 'Keep one of them.' }];
      if (source?.is === 'Body' && (verb === 'GET' || verb === 'HEAD'))
        return [{ line, what: `${at} is a @Body, which a ${verb} route never reads`, fix: 'Serve POST, PUT or PATCH, or use @Query.' }];
      const wanted = source?.is === 'Param' ? source.decorator.text : undefined;
      if (wanted === undefined || path === undefined || path.includes('*') || parametersOf(path).includes(wanted)) return [];
      return [
        {
          line,
          what: `${at} is @Param('${wanted}'), but the path ${path} has no :${wanted}`,
          fix: `Write :${wanted} in the path, or change the name.`,
        },
      ];
    }),
  ];
}

/** Classes with a profile are left out, because two of them may never be in one application. */
function servedTwice(routes: readonly Route[]): readonly { readonly found: FoundComponent; readonly mistake: Mistake }[] {
  const first = new Map<string, Route>();
  return routes.flatMap((route) => {
    const { found, method, verb, path } = route;
    if (path === undefined || /[()]/.test(path) || named(found, found.component.decorators).some(({ is }) => is === 'Profile')) return [];
    const key = `${verb} ${path.replace(/:\w+/g, ':')}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, route);
      return [];
    }
    const what = `${found.component.name}.${method.name} serves ${verb} ${path}, as ${other.found.component.name}.${other.method.name} does`;
    return [{ found, mistake: { line: method.line, what, fix: 'Change one of the paths, or leave one class out of the application.' } }];
  });
}

function parametersOf(path: string): readonly string[] {
  return [...path.replaceAll('::', '').matchAll(/:([^/.\-(?]+)/g)].map(([, name = '']) => name);
}

function joined(prefix: string, path: string): string {
  const parts = [prefix, path].map((part) => part.replace(/^\/+/, '')).filter((part) => part !== '');
  return `/${parts.map((part, index) => (index === 0 && parts.length > 1 ? part.replace(/\/+$/, '') : part)).join('/')}`;
}
