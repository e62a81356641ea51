/** The live page: its routes, and what they give. */
import { randomUUID } from 'node:crypto';
// Not the globals, because with a test's fake timers, timers of ours would keep `runAllTimers()` running forever.
import { clearTimeout, setTimeout } from 'node:timers';
import {
  type Console,
  type ConsoleSources,
  isInCatalogue,
  type MetricsEndpoint,
  type OpenedStream,
  type PageAnswer,
  type PageApi,
  type PageStream,
} from '@tsukimi/instrumentation';
import { unfaked } from '@tsukimi/metrics';
import type { LiveState, Meta } from './api-types.js';
import { type Asset, readAssets } from './assets.js';
import { History, type WallClock } from './history/history.js';
import { PassedPage } from './passed-page.js';
import { NO_VIEW, STREAM_HEADERS, sendAnswer, sendJson, TOO_MANY } from './server/answers.js';
import { LiveStreams, type StreamResponse } from './server/live-streams.js';
import { metricsPathOf, type PageCall, pageEndpoint, queryOf } from './server/page-endpoint.js';
import { PassedResponse } from './server/passed-response.js';
import { meta, settings } from './views/meta.js';
import type { Viewed } from './views/view.js';
import { type ViewQuery, viewQuery } from './views/views.js';

const SAMPLE_MS = 1000;

/** What comes from other processes is asked for with each fifth sample. */
const REFRESH_SAMPLES = 5;

/** What tests replace. */
export interface LivePageParts {
  readonly clock?: WallClock;
  readonly maxBytes?: number;
  /** The built page. */
  readonly assets?: () => ReadonlyMap<string, Asset>;
}

export function makeLivePage(sources: ConsoleSources & { readonly primary?: undefined }, parts?: LivePageParts): LivePage;
export function makeLivePage(sources: ConsoleSources, parts?: LivePageParts): Console;
export function makeLivePage(sources: ConsoleSources, parts: LivePageParts = {}): Console {
  const { primary } = sources;
  return primary === undefined ? new LivePage(sources, parts) : new PassedPage(primary, sources, parts.assets ?? readAssets);
}

export class LivePage implements Console {
  readonly endpoint: MetricsEndpoint;
  readonly api: PageApi = {
    ask: (path) => this.#sampled(() => this.#ask(path)),
    open: (query, stream) => this.#sampled(() => this.#open(query, stream)),
  };
  readonly history: History;
  readonly #viewed: Viewed;
  readonly #streams: LiveStreams;
  readonly #instance = randomUUID();
  readonly #closings = new WeakSet<AbortSignal>();
  #timer: NodeJS.Timeout | undefined;
  #starts = 0;
  #samples = 0;
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
    this.endpoint = pageEndpoint(assets, (name, call) => this.#sampled(() => this.#api(name, call)));
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
      if (this.#samples % REFRESH_SAMPLES === 0 || readsAll === true) await this.#viewed.sources.refresh?.();
      this.#samples += 1;
      await this.history.sample(readsAll);
      this.#streams.tick();
    } catch (error) {
      this.#viewed.sources.logger.error({ err: error }, 'the live page could not take a sample');
    }
  }

  /** Where measuring is switched off, nothing is sampled unless someone looks. */
  #sampled<T>(answer: () => T): T | Promise<T> {
    return this.#timer === undefined && !this.#isStopped ? this.sample(true).then(answer) : answer();
  }

  /** An answer but for `meta` and `live`; undefined if there is none of this name. */
  #state(name: string, query: URLSearchParams): object | undefined {
    return name === 'settings' ? settings(this.#viewed) : viewQuery(name, query)?.state(this.#viewed);
  }

  #api(name: string, call: PageCall): unknown {
    const { request, reply, place } = call;
    const query = queryOf(request);
    if (name === 'meta') {
      const canProfile = this.#viewed.sources.canProfile(request);
      return sendJson(reply, this.#meta({ canProfile, metricsPath: metricsPathOf(place) }));
    }
    if (name === 'live') return this.#live(query, call);
    const state = this.#state(name, query);
    return state === undefined ? reply.callNotFound() : sendJson(reply, state);
  }

  #meta(place: { readonly canProfile: boolean; readonly metricsPath: string }): Meta {
    return meta(this.#viewed, { instance: this.#instance, ...place });
  }

  #ask(path: string): PageAnswer {
    const [name = '', query = ''] = path.split('?');
    if (name === 'live') return this.#streams.isFull ? TOO_MANY : { status: 200, body: '' };
    // What it has of the server that the browser asks, that server puts in its place.
    const state = name === 'meta' ? this.#meta({ canProfile: false, metricsPath: '' }) : this.#state(name, new URLSearchParams(query));
    return state === undefined ? { status: 404, body: '' } : { status: 200, body: JSON.stringify(state) };
  }

  #open(text: string, stream: PageStream): OpenedStream | PageAnswer {
    const query = new URLSearchParams(text);
    const view = viewQuery(query.get('view') ?? '', query);
    if (view === undefined) return NO_VIEW;
    if (this.#streams.isFull) return TOO_MANY;
    const response = new PassedResponse(stream);
    this.#streams.open(view, response as unknown as StreamResponse, {});
    return { text: response.opened(), close: () => response.destroy() };
  }

  #live(query: URLSearchParams, { request, reply, place }: PageCall): unknown {
    const view: ViewQuery | undefined = viewQuery(query.get('view') ?? '', query);
    if (view === undefined) return sendAnswer(reply, NO_VIEW);
    if (this.#streams.isFull || place.closing.aborted) return sendAnswer(reply, TOO_MANY);
    if (request.method === 'HEAD') return reply.headers(STREAM_HEADERS).send();
    this.#closeWith(place.closing);
    reply.hijack();
    this.#streams.open(view, reply.raw as StreamResponse, STREAM_HEADERS);
    return undefined;
  }

  #closeWith(closing: AbortSignal): void {
    if (this.#closings.has(closing)) return;
    this.#closings.add(closing);
    closing.addEventListener('abort', () => this.#streams.close(), { once: true });
  }
}
