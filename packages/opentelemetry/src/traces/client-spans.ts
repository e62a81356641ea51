/** Makes a span of each call to another system: outgoing HTTP requests and queries of databases. */
import {
  type Attributes,
  type Context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type {
  ClientCall,
  ClientCallObserver,
  ClientCallStart,
  DatabaseClientCall,
  EndedClientCall,
  FollowedClientCall,
  HttpClientCall,
} from '@tsukimi/instrumentation';
import { activeContext } from './active-context.js';
import { addException } from './exceptions.js';
import { methodAttributes, spanNameOf } from './http-attributes.js';
import type { SpanSwitch } from './options.js';

interface ClientSpansOptions {
  readonly tracer: Tracer;
  readonly recordStacks: boolean;
  readonly recordQueries: boolean;
  readonly client: SpanSwitch;
  readonly database: SpanSwitch;
}

export class ClientSpans implements ClientCallObserver {
  readonly #options: ClientSpansOptions;

  constructor(options: ClientSpansOptions) {
    this.#options = options;
  }

  began(call: ClientCall, { elapsedSeconds = 0 }: ClientCallStart): FollowedClientCall | undefined {
    const { tracer, client, database, recordStacks } = this.#options;
    const wanted = call.kind === 'http' ? client : database;
    if (wanted === 'off') return undefined;
    const active = activeContext();
    const parent = trace.getSpan(active);
    if (parent !== undefined && (parent.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
    if (isTracingSuppressed(active) || (wanted === 'auto' && (isClientSpan(parent) || isTraced(call)))) return undefined;
    const { name, attributes } = call.kind === 'http' ? ofRequest(call) : ofQuery(call, this.#options);
    const startTime = elapsedSeconds > 0 ? { startTime: Date.now() - elapsedSeconds * 1000 } : {};
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, ...startTime }, active);
    return new FollowedSpan(span, { within: trace.setSpan(active, span), kind: call.kind, recordStacks });
  }
}

/** Whether another instrumentation makes a span of a query, in which it does not run it. */
function isTraced(call: ClientCall): boolean {
  return call.kind === 'database' && call.isTraced;
}

/** Whether another instrumentation makes a span of the call: it runs the call in that. */
function isClientSpan(span: Span | undefined): boolean {
  return span !== undefined && Reflect.get(span, 'kind') === SpanKind.CLIENT;
}

interface Following {
  readonly within: Context;
  readonly kind: ClientCall['kind'];
  readonly recordStacks: boolean;
}

class FollowedSpan implements FollowedClientCall {
  readonly #span: Span;
  readonly #following: Following;

  constructor(span: Span, following: Following) {
    this.#span = span;
    this.#following = following;
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    propagation.inject(this.#following.within, headers);
    return headers;
  }

  ended({ failure, error, statusCode }: EndedClientCall): void {
    const span = this.#span;
    const { kind, recordStacks } = this.#following;
    if (statusCode !== undefined) span.setAttribute('http.response.status_code', statusCode);
    const code = kind === 'database' ? sqlStateOf(error) : undefined;
    if (code !== undefined) span.setAttribute('db.response.status_code', code);
    const type = failure ?? (statusCode !== undefined && statusCode >= 400 ? String(statusCode) : undefined);
    if (type !== undefined) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', code ?? type);
    }
    if (failure !== undefined && error !== undefined) addException(span, error, { recordStacks });
    span.end();
  }
}

interface Described {
  readonly name: string;
  readonly attributes: Attributes;
}

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
function ofRequest({ method, protocol, host, port, path }: HttpClientCall): Described {
  const attributes: Attributes = { ...methodAttributes(method), 'url.scheme': protocol };
  if (host !== undefined) {
    const shown = host.includes(':') ? `[${host}]` : host;
    attributes['server.address'] = host;
    attributes['url.full'] = `${protocol}://${shown}${port === undefined ? '' : `:${port}`}${path}`;
  }
  if (port !== undefined) attributes['server.port'] = port;
  return { name: spanNameOf(method, undefined), attributes };
}

/** @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/ */
function ofQuery({ system, pool, operation, statement, text }: DatabaseClientCall, { recordQueries }: ClientSpansOptions): Described {
  const isNamed = !NAMELESS.has(statement);
  const name = isNamed ? `${operation} ${statement}` : operation;
  return {
    name,
    attributes: {
      'db.system.name': system,
      'db.operation.name': operation,
      ...(isNamed && { 'db.query.summary': name }),
      ...(recordQueries && text !== undefined && { 'db.query.text': text.slice(0, LONGEST_QUERY) }),
      'db.client.connection.pool.name': pool,
    },
  };
}

const LONGEST_QUERY = 4096;

/** The labels of queries that have no name, or one past the limit. */
const NAMELESS: ReadonlySet<string> = new Set(['', '<unnamed>', '__other__']);

function sqlStateOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
