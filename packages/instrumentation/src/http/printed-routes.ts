/**
 * The routes that a server has already when the plugin is registered.
 *
 * Fastify tells of routes while they are added, and of those that are there only by printing them: the one place that reads this print.
 */
import type { FastifyInstance } from 'fastify';

const NODE = /^(?<indent>[│ ]*)[├└]── (?<name>.*?)(?: \((?<methods>[A-Z, -]+)\)(?: \{.*\})?)?$/u;
const INDENT_WIDTH = 4;

interface PrintedRoute {
  readonly methods: readonly string[];
  readonly path: string;
}

/** Every route of the server, its template put together from the parts that routes share. */
export function printedRoutes(fastify: FastifyInstance): readonly PrintedRoute[] {
  const routes: PrintedRoute[] = [];
  const ancestors: (readonly string[])[] = [];
  for (const line of fastify.printRoutes().split('\n')) {
    const { indent = '', name, methods } = NODE.exec(line)?.groups ?? {};
    if (name === undefined) continue;
    const depth = indent.length / INDENT_WIDTH;
    // Parameters with different names share a place: `:id|:name`.
    const names = name === '(empty root node)' ? [''] : name.split('|');
    const paths = (depth === 0 ? [''] : (ancestors[depth - 1] ?? [''])).flatMap((before) => names.map((each) => before + each));
    ancestors[depth] = paths;
    if (methods !== undefined) routes.push(...paths.map((path) => ({ methods: methods.split(', '), path })));
  }
  return routes;
}
