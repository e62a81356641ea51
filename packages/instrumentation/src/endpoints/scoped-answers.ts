/** Sends what a client asked for: of this process or of another scope, as JSON or in one of Prometheus's formats. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { loggableThrown } from '@tsukimi/core';
import {
  type ExpositionFormat,
  type MetricsRegistry,
  OPENMETRICS_CONTENT_TYPE,
  PROMETHEUS_CONTENT_TYPE,
  PROTOBUF_CONTENT_TYPE,
} from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { scopeFailed, scopeUnknown } from './errors.js';
import { acceptsGzip, acceptsHtml, type Representation } from './negotiation.js';
import { askedScope, scopeNamesOf } from './scopes.js';
import { ScrapeBody } from './scrape-body.js';

const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: PROMETHEUS_CONTENT_TYPE,
  openmetrics: OPENMETRICS_CONTENT_TYPE,
  protobuf: PROTOBUF_CONTENT_TYPE,
};

export interface AnswerSources {
  readonly registry: MetricsRegistry;
  readonly logger: FastifyBaseLogger;
  /** The JSON of this process. */
  readonly ownView: () => Promise<object>;
  /** Called before the registry is read, if it has to be brought up to date. */
  readonly refresh?: (() => Promise<void>) | undefined;
}

/** What can be sent: this process's metrics, or those of another scope. */
interface Source {
  view(): Promise<object>;
  registry(): Promise<MetricsRegistry>;
}

export class ScopedAnswers {
  readonly #sources: AnswerSources;
  readonly #own: Source;
  /** The scopes that could not be read the last time. */
  readonly #failing = new Set<string>();

  constructor(sources: AnswerSources) {
    this.#sources = sources;
    this.#own = { view: sources.ownView, registry: () => upToDate(sources) };
  }

  async send(reply: FastifyReply, representation: Representation): Promise<unknown> {
    const { registry } = this.#sources;
    const asked = askedScope(registry, reply.request.raw);
    if (asked === undefined) return sendAs(representation, { reply, source: this.#own });
    if (asked.scope === undefined) return refuse(reply.code(400), scopeUnknown(scopeNamesOf(registry)));
    try {
      const answer = await sendAs(representation, { reply, source: asked.scope });
      this.#failing.delete(asked.name);
      return answer;
    } catch (cause) {
      return refuse(reply.code(503), this.#failed(asked.name, cause));
    }
  }

  /** Logs when a scope begins to fail, not each time, because a scraper asks every few seconds. */
  #failed(scope: string, cause: unknown): Error {
    const error = scopeFailed(scope);
    if (!this.#failing.has(scope)) this.#sources.logger.error({ err: loggableThrown(cause), code: error.code }, error.message);
    this.#failing.add(scope);
    return error;
  }
}

async function upToDate({ registry, refresh }: AnswerSources): Promise<MetricsRegistry> {
  await refresh?.();
  return registry;
}

interface Sending {
  readonly reply: FastifyReply;
  readonly source: Source;
}

async function sendAs(representation: Representation, { reply, source }: Sending): Promise<unknown> {
  if (representation !== 'json') return sendScrape(reply, await source.registry(), representation);
  const view = await source.view();
  reply.type('application/json; charset=utf-8');
  // Browsers show text unchanged, so for them it is indented.
  return JSON.stringify(view, null, acceptsHtml(reply.request.raw) ? 2 : undefined);
}

function sendScrape(reply: FastifyReply, registry: MetricsRegistry, format: ExpositionFormat): FastifyReply {
  const { raw } = reply.request;
  const options = { format, names: namesIn(raw) };
  const answer = reply.header('content-type', CONTENT_TYPES[format]);
  if (!acceptsGzip(raw)) return answer.send(new ScrapeBody(registry.scrapeReader(options)));
  return answer.header('content-encoding', 'gzip').send(Readable.from(registry.exposeGzipStream(options)));
}

function refuse(reply: FastifyReply, { message }: Error): string {
  reply.type('text/plain; charset=utf-8');
  return `${message}\n`;
}

/** `?name[]=a&name[]=b`; undefined for all. Parsed here, because the application may have replaced Fastify's parser. */
function namesIn({ url = '' }: Pick<IncomingMessage, 'url'>): readonly string[] | undefined {
  const query = url.indexOf('?');
  const names = query === -1 ? [] : new URLSearchParams(url.slice(query)).getAll('name[]');
  return names.length === 0 ? undefined : names;
}
