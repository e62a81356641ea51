/** The live page: its routes, and what they give. */
import { randomUUID } from 'node:crypto';
// Not the globals, because with a test's fake timers, timers of ours would keep `runAllTimers()` running forever.
import { clearTimeout, setTimeout } from 'node:timers';
import { type Console, type ConsoleSources, type EndpointPlace, type EndpointRoute, isInCatalogue } from '@tsukimi/instrumentation';
import { unfaked } from '@tsukimi/metrics';
import type { LiveState, Meta } from './api-types.js';
import { type Asset, readAssets } from './assets.js';
import { History, type WallClock } from './history/history.js';
import { HEADERS, sendAsset, sendJson, withHeaders } from './server/answers.js';
import { LiveStreams, type StreamResponse } from './server/live-streams.js';
import { meta, settings } from './views/meta.js';
import type { Viewed } from './views/view.js';
import { type ViewQuery, viewQuery } from './views/views.js';

const PATH = '/ui';
const SAMPLE_MS = 1000;

type Request = Parameters<EndpointRoute['handle']>[0];
type Reply = Parameters<EndpointRoute['handle']>[1];

/** What tests replace. */
export interface LivePageParts {
  readonly clock?: WallClock;
  readonly maxBytes?: number;
  /** The built page. */
  readonly assets?: () => ReadonlyMap<string, Asset>;
}

export function makeLivePage(sources: ConsoleSources, parts: LivePageParts = {}): LivePage {
  return new LivePage(sources, parts);
}

export class LivePage implements Console {
  readonly endpoint = {
    path: PATH,
    routes: [
      { path: '', isPage: true, handle: (request: Request, reply: Reply, place: EndpointPlace) => this.#root(request, reply, place) },
      {
        path: '/*',
        isPage: (request: Request) => restOf(request) === '',
        handle: (request: Request, reply: Reply, place: EndpointPlace) => this.#below(request, reply, place),
      },
    ],
  };
  readonly history: History;
  readonly #viewed: Viewed;
  readonly #streams: LiveStreams;
  readonly #instance = randomUUID();
  readonly #readAssets: () => ReadonlyMap<string, Asset>;
  readonly #closings = new WeakSet<AbortSignal>();
  #assets: ReadonlyMap<string, Asset> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #starts = 0;
  #isStopped = false;

  constructor(sources: ConsoleSources, { clock, maxBytes, assets = readAssets }: LivePageParts) {
    const { registry } = sources;
    this.history = new History({
      registry,
      clock: clock ?? (() => Date.now() / 1000),
      ...(maxBytes !== undefined && { maxBytes }),
      // What an application collects may be expensive, and made to be asked for each quarter of a minute.
      isExpensive: (name, isCollected) => isCollected && !isInCatalogue(name),
    });
    this.#viewed = { history: this.history, sources };
    this.#readAssets = assets;
    this.#streams = new LiveStreams({
      clock: clock === undefined ? () => performance.now() : () => clock() * 1000,
      stateOf: ({ name, state }) => ({ view: name, instance: this.#instance, ...state(this.#viewed) }) as LiveState,
      onError: (error) => sources.logger.error({ err: error }, 'a view of the live page failed; its pages are closed'),
    });
  }

  /** Begins to sample. Each server that shows the page starts and stops it. */
  start(): void {
    this.#starts += 1;
    if (this.#timer !== undefined) return;
    this.#sampleNext();
    void this.sample();
  }

  /** At whole seconds, so that steps of charts have the same number of samples. */
  #sampleNext(): void {
    const rest = SAMPLE_MS - (Date.now() % SAMPLE_MS);
    const delayMs = rest < SAMPLE_MS / 2 ? rest + SAMPLE_MS : rest;
    const next = (): void => {
      this.#sampleNext();
      void this.sample();
    };
    this.#timer = unfaked(setTimeout, 'setTimeout')(next, delayMs).unref();
  }

  stop(): void {
    this.#starts -= 1;
    if (this.#starts > 0) return;
    this.#isStopped = true;
    this.history.close();
    if (this.#timer === undefined) return;
    unfaked(clearTimeout, 'clearTimeout')(this.#timer);
    this.#timer = undefined;
  }

  /** Takes a sample, and tells the open pages. Never rejects: a metric that can't be read is missing. */
  async sample(readsAll?: boolean): Promise<void> {
    try {
      await this.history.sample(readsAll);
      this.#streams.tick();
    } catch (error) {
      this.#viewed.sources.logger.error({ err: error }, 'the live page could not take a sample');
    }
  }

  #root(request: Request, reply: Reply, place: EndpointPlace): unknown {
    // Of a server that ignores slashes at the end.
    if (pathOf(request).endsWith('/')) return this.#file('index.html', request, reply);
    const query = request.raw.url?.split('?')[1];
    const last = place.path.slice(place.path.lastIndexOf('/') + 1);
    return withHeaders(reply, 'no-cache')
      .code(308)
      .header('location', `${last}/${query === undefined ? '' : `?${query}`}`)
      .send();
  }

  #below(request: Request, reply: Reply, place: EndpointPlace): unknown {
    const path = restOf(request);
    if (path === '') return this.#file('index.html', request, reply);
    if (!path.startsWith('api/')) return this.#file(path, request, reply);
    const answer = (): unknown => this.#api(path.slice('api/'.length), { request, reply, place });
    // Where measuring is switched off, nothing is sampled unless someone looks.
    return this.#timer === undefined && !this.#isStopped ? this.sample(true).then(answer) : answer();
  }

  #file(path: string, request: Request, reply: Reply): unknown {
    if (this.#assets === undefined || this.#assets.size === 0) this.#assets = this.#readAssets();
    const asset = this.#assets.get(path);
    if (asset !== undefined) return sendAsset(request, reply, asset);
    if (path !== 'index.html') return reply.callNotFound();
    return withHeaders(reply, 'no-store').code(503).type('text/plain; charset=utf-8').send('The page is not built. Run npm run build.\n');
  }

  #api(
    name: string,
    { request, reply, place }: { readonly request: Request; readonly reply: Reply; readonly place: EndpointPlace },
  ): unknown {
    // Parsed here, because the application may have replaced Fastify's parser.
    const query = new URLSearchParams(request.raw.url?.split('?')[1]);
    if (name === 'meta') return sendJson(reply, this.#meta(request, place));
    if (name === 'settings') return sendJson(reply, settings(this.#viewed));
    if (name === 'live') return this.#live(query, { request, reply, place });
    const view = viewQuery(name, query);
    return view === undefined ? reply.callNotFound() : sendJson(reply, view.state(this.#viewed));
  }

  #meta(request: Request, { path }: EndpointPlace): Meta {
    const canProfile = this.#viewed.sources.canProfile(request);
    return meta(this.#viewed, { instance: this.#instance, metricsPath: path.slice(0, -PATH.length), canProfile });
  }

  #live(
    query: URLSearchParams,
    { request, reply, place }: { readonly request: Request; readonly reply: Reply; readonly place: EndpointPlace },
  ): unknown {
    const view: ViewQuery | undefined = viewQuery(query.get('view') ?? '', query);
    if (view === undefined) return sendJson(reply.code(400), { error: 'There is no view of this name.' });
    if (this.#streams.isFull || place.closing.aborted) {
      return sendJson(reply.code(503).header('retry-after', '10'), { error: 'Too many pages are open. Close one of them.' });
    }
    const headers = { ...HEADERS, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    if (request.method === 'HEAD') return reply.headers({ ...headers, 'content-type': 'text/event-stream; charset=utf-8' }).send();
    this.#closeWith(place.closing);
    reply.hijack();
    this.#streams.open(view, reply.raw as StreamResponse, headers);
    return undefined;
  }

  #closeWith(closing: AbortSignal): void {
    if (this.#closings.has(closing)) return;
    this.#closings.add(closing);
    closing.addEventListener('abort', () => this.#streams.close(), { once: true });
  }
}

function pathOf({ raw }: Request): string {
  return raw.url?.split('?')[0] ?? '';
}

/** The path below the page's own. */
function restOf({ params }: Request): string {
  return (params as { readonly '*'?: string })['*'] ?? '';
}
