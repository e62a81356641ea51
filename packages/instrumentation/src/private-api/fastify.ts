/**
 * All uses of Fastify's undocumented interface.
 *
 * `test/private-api/fastify.test.ts` shows what broke if a release of Fastify changes it.
 */
import type { FastifyInstance, onRequestHookHandler } from 'fastify';

/** Whether a context is Fastify's outermost one, from which the others inherit. */
export function isWholeServer(fastify: FastifyInstance): boolean {
  return Object.getPrototypeOf(fastify) === Object.prototype;
}

/**
 * Adds an `onRequest` hook to a context and its children, before all other hooks, because a hook that responds prevents later ones from running.
 *
 * Fastify has no public interface for this, so the hooks are found by its internal symbols. If these have changed, the hook stays where it was added.
 */
export function addFirstHook(fastify: FastifyInstance, hook: onRequestHookHandler): void {
  fastify.addHook('onRequest', hook);
  // Hooks are added when the contexts before this one are complete, so move it only then.
  fastify.after(() => moveToFront(fastify, hook));
}

/** Whether a server gives ids to requests by Fastify's default, so that the application has no rules of its own for them. */
export function hasDefaultRequestIds(fastify: FastifyInstance): boolean {
  const { genReqId } = fastify as { readonly genReqId?: () => string };
  return genReqId?.name === 'defaultGenReqId' && !fastify.initialConfig.requestIdHeader;
}

function moveToFront(context: object, hook: onRequestHookHandler): void {
  const hooks = (internal(context, 'fastify.hooks') as { readonly onRequest?: onRequestHookHandler[] } | undefined)?.onRequest;
  const index = hooks?.indexOf(hook) ?? -1;
  if (index > 0) hooks?.unshift(...hooks.splice(index, 1));
  for (const child of (internal(context, 'fastify.children') as readonly object[] | undefined) ?? []) moveToFront(child, hook);
}

function internal(context: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(context).find((each) => each.description === description);
  return symbol === undefined ? undefined : (context as { readonly [key: symbol]: unknown })[symbol];
}

/** The address that a server is about to listen on. */
export interface ListenAddress {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** Does some work, and then calls `listen`. */
type Prepare = (address: ListenAddress, listen: () => void) => Promise<void>;

/**
 * Runs a function just before the server listens. If it fails, Fastify's `listen()` fails with the same error.
 *
 * Fastify has no hook for this: failures in `onListen` are only logged, and `onReady` also runs if the server never listens. Therefore, Node's
 * `listen` of this server, which Fastify calls, is replaced.
 * @returns a function that restores `listen`, unless other code has replaced it since
 */
export function beforeListen({ server }: FastifyInstance, prepare: Prepare): () => void {
  const before = Object.getOwnPropertyDescriptor(server, 'listen');
  const listen = server.listen.bind(server) as (...given: unknown[]) => unknown;
  const prepared = (...given: unknown[]): unknown => {
    prepare(addressOf(given), () => void listen(...given)).catch((error: unknown) => server.emit('error', error));
    return server;
  };
  Object.defineProperty(server, 'listen', { value: prepared, configurable: true, writable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(server, 'listen')?.value !== prepared) return;
    if (before === undefined) Reflect.deleteProperty(server, 'listen');
    else Object.defineProperty(server, 'listen', before);
  };
}

/** Reads the arguments of Node's `listen`: an object, or a port and optionally a host. */
function addressOf([first, second]: readonly unknown[]): ListenAddress {
  if (typeof first === 'object' && first !== null) return first as ListenAddress;
  return { port: Number(first), host: typeof second === 'string' ? second : undefined };
}

/** Returns the request listeners of a server. Those of every server of a Fastify instance include its `routing`. */
export function requestListenersOf(server: object): readonly object[] {
  return (server as { listeners(event: 'request'): readonly object[] }).listeners('request');
}

const NODE = /^(?<indent>[│ ]*)[├└]── (?<name>.*?)(?: \((?<methods>[A-Z, -]+)\)(?: \{.*\})?)?$/u;
const INDENT_WIDTH = 4;

interface PrintedRoute {
  readonly methods: readonly string[];
  readonly path: string;
}

/**
 * Returns all current routes of the server. Their templates are joined from the parts that routes share.
 *
 * Fastify only announces routes while they are added. Existing routes can only be printed.
 */
export function printedRoutes(fastify: FastifyInstance): readonly PrintedRoute[] {
  const routes: PrintedRoute[] = [];
  const ancestors: (readonly string[])[] = [];
  for (const line of fastify.printRoutes().split('\n')) {
    const { indent = '', name, methods } = NODE.exec(line)?.groups ?? {};
    if (name === undefined) continue;
    const depth = indent.length / INDENT_WIDTH;
    // Parameters with different names at the same place are printed as `:id|:name`.
    const names = name === '(empty root node)' ? [''] : name.split('|');
    const paths = (depth === 0 ? [''] : (ancestors[depth - 1] ?? [''])).flatMap((before) => names.map((each) => before + each));
    ancestors[depth] = paths;
    if (methods !== undefined) routes.push(...paths.map((path) => ({ methods: methods.split(', '), path })));
  }
  return routes;
}
