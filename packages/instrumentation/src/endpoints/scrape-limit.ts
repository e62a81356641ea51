/** Limits the number and duration of scrapes in flight, because each of them costs time and memory until its client has read the last byte. */
import type { IncomingMessage, ServerResponse } from 'node:http';
// Not the globals, which a test may have replaced: sockets use real time.
import { clearTimeout, setTimeout } from 'node:timers';
import { type MetricsRegistry, processClock, secondsBetween } from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { keptCounter } from '../kept-series.js';

export interface ScrapeLimitOptions {
  readonly registry: MetricsRegistry;
  readonly maxInFlight: number;
  /** How long a client may take to read a scrape, in milliseconds. */
  readonly timeoutMs: number;
  /** The names of the settings, for the log. */
  readonly setBy: { readonly maxInFlight: string; readonly timeoutMs: string };
}

const RETRY_AFTER_SECONDS = '1';

/** Limits all routes of a context. Excess requests get 503, as from Go's promhttp. */
export function limitScrapes(scope: FastifyInstance, options: ScrapeLimitOptions): void {
  const limit = new ScrapeLimit(options, scope.log);
  scope.addHook('onRequest', (request, reply, done) => {
    if (limit.admit(request.raw, reply.raw)) return done();
    void reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).type('text/plain; charset=utf-8');
    void reply.send('Too many scrapes are in flight. Try again later.\n');
  });
  scope.addHook('onRequestAbort', async ({ raw }) => limit.ended(raw));
}

class ScrapeLimit {
  readonly #maxInFlight: number;
  readonly #timeoutMs: number;
  readonly #inFlight = new Map<IncomingMessage, NodeJS.Timeout>();
  readonly #busy: Episode;
  readonly #slow: Episode;

  constructor({ registry, maxInFlight, timeoutMs, setBy }: ScrapeLimitOptions, logger: FastifyBaseLogger) {
    this.#maxInFlight = maxInFlight;
    this.#timeoutMs = timeoutMs;
    const rejected = (reason: 'busy' | 'slow') =>
      keptCounter(registry, () => registry.counter(CATALOGUE.scrapesRejected).labels({ reason }));
    this.#busy = new Episode({
      counter: rejected('busy'),
      began: () =>
        logger.warn(
          `${maxInFlight} scrapes are in flight, the limit of ${setBy.maxInFlight}: further scrapes get 503 and are counted in ${CATALOGUE.scrapesRejected.name}. Find out which clients scrape that often, or raise the limit.`,
        ),
      ended: (count) => logger.info(`scrapes are answered again: ${count} were rejected because too many were in flight`),
    });
    this.#slow = new Episode({
      counter: rejected('slow'),
      began: () =>
        logger.warn(
          `a client did not read a scrape within ${timeoutMs} ms, the limit of ${setBy.timeoutMs}: its connection was closed, which is counted in ${CATALOGUE.scrapesRejected.name}. Find out why it reads that slowly, or raise the limit.`,
        ),
      ended: (count) => logger.info(`scrapes are read in time again: ${count} were cut off because their client read too slowly`),
    });
  }

  /** @returns false if the maximum number of scrapes is in flight */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#inFlight.size >= this.#maxInFlight) {
      this.#busy.goesOn();
      return false;
    }
    this.#busy.endIfQuiet();
    this.#slow.endIfQuiet();
    const timer = setTimeout(() => this.#late(request, response), this.#timeoutMs).unref();
    this.#inFlight.set(request, timer);
    const ended = (): void => this.ended(request);
    response.once('finish', ended).once('close', ended);
    return true;
  }

  /** Called when the client has read the last byte, or its connection is closed. */
  ended(request: IncomingMessage): void {
    clearTimeout(this.#inFlight.get(request));
    this.#inFlight.delete(request);
  }

  #late(request: IncomingMessage, response: ServerResponse): void {
    // The scrape is still being written, which has its own limits, so the client's time has not begun.
    if (!response.headersSent) this.#inFlight.get(request)?.refresh();
    else {
      this.ended(request);
      this.#slow.goesOn();
      cutOff(request, response);
    }
  }
}

/** Closes a connection, or over HTTP/2 only its stream. */
function cutOff(request: IncomingMessage, response: ServerResponse): void {
  if (request.httpVersionMajor === 1) request.socket.destroy();
  else response.destroy();
}

const QUIET_SECONDS = 60;

/** A period of repeated events. Each event is counted, but only the begin and the end of the period are logged. */
class Episode {
  #count = 0;
  #last = 0n;

  constructor(private readonly tell: { readonly counter: { inc(): void }; began(): void; ended(count: number): void }) {}

  goesOn(): void {
    this.endIfQuiet();
    this.tell.counter.inc();
    this.#count += 1;
    this.#last = processClock();
    if (this.#count === 1) this.tell.began();
  }

  endIfQuiet(): void {
    if (this.#count === 0 || secondsBetween(this.#last, processClock()) < QUIET_SECONDS) return;
    this.tell.ended(this.#count);
    this.#count = 0;
  }
}
