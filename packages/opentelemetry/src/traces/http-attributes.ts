/**
 * The attributes of a request's span.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
import { METHODS } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import type { HttpExchange } from '@tsukimi/core';

type Request = HttpExchange['request'];

/** The methods that have names of their own; others, which any client can make up, are one. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);
const OTHER_METHOD = '_OTHER';
const NODE_METHODS: ReadonlySet<string> = new Set(METHODS);

/** Returns the name of a method in attributes. */
export function methodAttributes(method: string): Attributes {
  if (KNOWN_METHODS.has(method)) return { 'http.request.method': method };
  return { 'http.request.method': OTHER_METHOD, ...(NODE_METHODS.has(method) && { 'http.request.method_original': method }) };
}

/** Returns the name of a request's span: its method and the template of its route. */
export function spanNameOf(method: string, route: string | undefined): string {
  const shown = KNOWN_METHODS.has(method) ? method : 'HTTP';
  return route === undefined ? shown : `${shown} ${route}`;
}

/** Returns what is known of a request when it arrives. The query is left out, because it can hold secrets. */
export function requestAttributes(request: Request, route: string | undefined): Attributes {
  const { url = '', httpVersion, headers, method = '' } = request.raw;
  const query = url.indexOf('?');
  const { host, port } = hostOf(request);
  const agent = headers['user-agent'];
  const peer = (request.socket as { readonly remoteAddress?: string } | undefined)?.remoteAddress;
  // Set one by one, because spreading a part that may be missing copies it.
  const attributes: Attributes = {
    'http.request.method': method,
    'url.scheme': request.protocol,
    'url.path': query === -1 ? url : url.slice(0, query),
    'network.protocol.version': httpVersion === '2.0' ? '2' : httpVersion,
  };
  const { ip } = request;
  if (route !== undefined) attributes['http.route'] = route;
  if (host !== undefined) attributes['server.address'] = host;
  if (port !== undefined) attributes['server.port'] = port;
  if (ip !== undefined) attributes['client.address'] = ip;
  if (peer !== undefined) attributes['network.peer.address'] = peer;
  if (agent !== undefined) attributes['user_agent.original'] = agent;
  return KNOWN_METHODS.has(method) ? attributes : Object.assign(attributes, methodAttributes(method));
}

/** Without names, because an object of groups is slow to make. */
const HOST = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/;

function hostOf(request: Request): { readonly host: string | undefined; readonly port: number | undefined } {
  const [, shown = '', port] = HOST.exec(request.host ?? '') ?? [];
  if (shown === '') return { host: undefined, port: undefined };
  return { host: shown.startsWith('[') ? shown.slice(1, -1) : shown, port: port === undefined ? undefined : Number(port) };
}
