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
  return {
    ...methodAttributes(method),
    'url.scheme': request.protocol,
    'url.path': query === -1 ? url : url.slice(0, query),
    ...(route !== undefined && { 'http.route': route }),
    ...(host !== undefined && { 'server.address': host }),
    ...(port !== undefined && { 'server.port': port }),
    ...(request.ip !== undefined && { 'client.address': request.ip }),
    ...(peer !== undefined && { 'network.peer.address': peer }),
    'network.protocol.version': httpVersion === '2.0' ? '2' : httpVersion,
    ...(agent !== undefined && { 'user_agent.original': agent }),
  };
}

const HOST = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d{1,5}))?$/;

function hostOf(request: Request): { readonly host: string | undefined; readonly port: number | undefined } {
  const groups = HOST.exec(request.host ?? '')?.groups;
  if (groups?.['host'] === undefined || groups['host'] === '') return { host: undefined, port: undefined };
  const host = groups['host'].replace(/^\[(.*)\]$/, '$1');
  return { host, port: groups['port'] === undefined ? undefined : Number(groups['port']) };
}
