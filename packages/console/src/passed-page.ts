/** The page in one of several workers: it has the files, and passes on everything else to the primary, which knows the whole application. */
import type { Console, ConsoleSources, MetricsEndpoint, PageAnswer, PageApi } from '@tsukimi/instrumentation';
import type { Meta } from './api-types.js';
import type { Asset } from './assets.js';
import { STREAM_HEADERS, sendAnswer, sendJson, TOO_MANY } from './server/answers.js';
import { metricsPathOf, type PageCall, pageEndpoint, queryOf } from './server/page-endpoint.js';

/** A browser that has not taken as much is dropped. It connects again. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;

const NO_PRIMARY: PageAnswer = { status: 503, body: JSON.stringify({ error: 'The primary process does not answer.' }) };

const CLOSING = 'event: closing\ndata: {}\n\n';

export class PassedPage implements Console {
  readonly endpoint: MetricsEndpoint;
  readonly api: PageApi;
  readonly #sources: ConsoleSources;

  constructor(primary: PageApi, sources: ConsoleSources, assets: () => ReadonlyMap<string, Asset>) {
    this.api = primary;
    this.#sources = sources;
    this.endpoint = pageEndpoint(assets, (name, call) => this.#answer(name, call));
  }

  start(): void {
    // The primary samples.
  }

  stop(): void {
    // Streams end with the server.
  }

  async #answer(name: string, call: PageCall): Promise<unknown> {
    const { request, reply } = call;
    const query = queryOf(request);
    try {
      return name === 'live' && request.method !== 'HEAD' ? await this.#stream(query, call) : await this.#ask(`${name}?${query}`, call);
    } catch (error) {
      reply.log.warn({ err: error }, 'the primary process does not answer for the live page');
      return sendAnswer(reply, NO_PRIMARY);
    }
  }

  async #ask(path: string, { request, reply, place }: PageCall): Promise<unknown> {
    const answer = await this.api.ask(path);
    if (answer.status === 404) return reply.callNotFound();
    if (answer.status === 200 && path.startsWith('live?')) return reply.headers(STREAM_HEADERS).send();
    if (!path.startsWith('meta?')) return sendAnswer(reply, answer);
    const meta = JSON.parse(answer.body) as Meta;
    const has = { ...meta.has, profile: this.#sources.canProfile(request), workers: true };
    return sendJson(reply, { ...meta, metricsPath: metricsPathOf(place), has });
  }

  async #stream(query: URLSearchParams, { reply, place: { closing } }: PageCall): Promise<unknown> {
    if (closing.aborted) return sendAnswer(reply, TOO_MANY);
    const { raw } = reply;
    const opened = await this.api.open(String(query), {
      write: (text) => {
        raw.write(text);
        if (raw.writableLength <= MOST_WAITING_BYTES) return true;
        raw.destroy();
        return false;
      },
      end: () => raw.end(),
    });
    if (!('text' in opened)) return sendAnswer(reply, opened);
    reply.hijack();
    const close = (): void => {
      closing.removeEventListener('abort', leave);
      opened.close();
    };
    const leave = (): void => {
      raw.end(CLOSING);
      close();
    };
    raw.once('close', close).on('error', close);
    if (raw.destroyed || closing.aborted) {
      raw.destroy();
      close();
      return undefined;
    }
    closing.addEventListener('abort', leave, { once: true });
    raw.writeHead(200, STREAM_HEADERS);
    raw.write(opened.text);
    return undefined;
  }
}
