/** The path prefix of a controller, and how it is joined with the path of a route. */
import type { Class } from '../components/definition.js';

const prefixes = new WeakMap<Class, string>();

/** Remembers the prefix that was given to `@Controller`. */
export function declarePrefix(target: Class, prefix: string): void {
  prefixes.set(target, prefix);
}

/**
 * The prefix of a controller with one slash in front and none at its end; `''` where there is none.
 * @param replaces the controller whose prefix a class without one takes over.
 */
export function prefixOf(type: Class, replaces?: Class): string {
  return tidy(prefixes.get(type) ?? (replaces === undefined ? undefined : prefixes.get(replaces)) ?? '');
}

/** The path of a route below its prefix: `/` for the prefix itself, else with one slash in front. */
export function routePath(path: string): string {
  const trimmed = path.replace(/^\/+/, '');
  return `/${trimmed}`;
}

/** The whole path: prefix and path joined by exactly one slash; the prefix alone for `/`. */
export function fullPath(prefix: string, path: string): string {
  const below = routePath(path);
  if (prefix === '') return below;
  return below === '/' ? prefix : `${prefix}${below}`;
}

function tidy(prefix: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}
