/**
 * What is used of Fastify that is not part of its documented interface: all of it stands here.
 *
 * `test/private-api/fastify.test.ts` says what broke when a release of Fastify changes it.
 */
import type { FastifyInstance, onRequestHookHandler } from 'fastify';

/** Whether it is Fastify's outermost context: the others inherit from it. */
export function isWholeServer(fastify: FastifyInstance): boolean {
  return Object.getPrototypeOf(fastify) === Object.prototype;
}

/**
 * Adds an `onRequest` hook to this context and to those in it, before the hooks of others: one of them may answer, and then later ones don't run.
 *
 * Fastify has no public way to say so: the order is found under its own symbols. Where they have changed, the hook stays where it was added.
 */
export function addFirstHook(fastify: FastifyInstance, hook: onRequestHookHandler): void {
  fastify.addHook('onRequest', hook);
  // Hooks are added once the contexts before this one are complete; so it is looked for only then.
  fastify.after(() => moveToFront(fastify, hook));
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

/** Does something, and then calls what it is given. */
type Prepare = (address: ListenAddress, listen: () => void) => Promise<void>;

/**
 * Has something done just before the server listens; where that fails, Fastify's `listen()` fails with the same error.
 *
 * Fastify has no hook for it: what fails in `onListen` is only logged, and `onReady` also runs where nothing ever listens. So a function stands before
 * Node's `listen` of this one server, which Fastify calls.
 * @returns what puts `listen` back as it was, unless somebody has replaced it since
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

/** Node's `listen` takes an object, or a port and then perhaps a host. */
function addressOf([first, second]: readonly unknown[]): ListenAddress {
  if (typeof first === 'object' && first !== null) return first as ListenAddress;
  return { port: Number(first), host: typeof second === 'string' ? second : undefined };
}

/** The functions that a server hands its requests to: of each server that one Fastify opens, its `routing` is among them. */
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
 * Every route that the server has by now, its template put together from the parts that routes share.
 *
 * Fastify tells of routes while they are added, and of those that are there only by printing them.
 */
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
