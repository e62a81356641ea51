/** Stores the path prefix of a controller, and joins it with the path of a route. */
import type { Class } from '../components/definition.js';

const prefixes = new WeakMap<Class, string>();

/** Stores the prefix of `@Controller`. */
export function declarePrefix(target: Class, prefix: string): void {
  prefixes.set(target, prefix);
}

/**
 * Returns the prefix of a controller, with a leading slash and no trailing one; `''` if there is none.
 * @param replaces the replaced controller, whose prefix is used if the class has none.
 */
export function prefixOf(type: Class, replaces?: Class): string {
  return tidy(prefixes.get(type) ?? (replaces === undefined ? undefined : prefixes.get(replaces)) ?? '');
}

/** The path of a route below its prefix, with a leading slash: `/` for the prefix itself. */
export function routePath(path: string): string {
  const trimmed = path.replace(/^\/+/, '');
  return `/${trimmed}`;
}

/** The full path: prefix and path joined by exactly one slash; only the prefix for `/`. */
export function fullPath(prefix: string, path: string): string {
  const below = routePath(path);
  if (prefix === '') return below;
  return below === '/' ? prefix : `${prefix}${below}`;
}

function tidy(prefix: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}
