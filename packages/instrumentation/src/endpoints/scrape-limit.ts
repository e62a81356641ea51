/** How many scrapes may be in flight: each of them costs time and memory until its reader has the last byte. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type MetricsRegistry, processClock, secondsBetween } from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { keptCounter } from '../kept-series.js';

export interface ScrapeLimitOptions {
  readonly registry: MetricsRegistry;
  readonly maxInFlight: number;
  /** Where the limit is set, for the log. */
  readonly setBy: { readonly maxInFlight: string };
}

const RETRY_AFTER_SECONDS = '1';

/** Adds it to every route of a context: what is too much gets 503, as from Go's promhttp. */
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
  readonly #inFlight = new Set<IncomingMessage>();
  readonly #rejected: { inc(): void };
  readonly #busy: Episode;

  constructor({ registry, maxInFlight, setBy }: ScrapeLimitOptions, logger: FastifyBaseLogger) {
    this.#maxInFlight = maxInFlight;
    this.#rejected = keptCounter(registry, () => registry.counter(CATALOGUE.scrapesRejected).labels({ reason: 'busy' }));
    this.#busy = new Episode({
      began: () =>
        logger.warn(
          `${maxInFlight} scrapes are in flight, as many as ${setBy.maxInFlight} allows: further ones are answered with 503 and counted in ${CATALOGUE.scrapesRejected.name}. Find out who scrapes that often, or raise the limit.`,
        ),
      ended: (count) => logger.info(`scrapes are answered again: ${count} were rejected because too many were in flight`),
    });
  }

  /** @returns false where as many are in flight as there may be */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#inFlight.size >= this.#maxInFlight) {
      this.#rejected.inc();
      this.#busy.goesOn();
      return false;
    }
    this.#busy.endIfQuiet();
    this.#inFlight.add(request);
    const ended = (): void => this.ended(request);
    response.once('finish', ended).once('close', ended);
    return true;
  }

  /** The last byte is taken, or its connection is gone. */
  ended(request: IncomingMessage): void {
    this.#inFlight.delete(request);
  }
}

const QUIET_SECONDS = 60;

/** Something that happens often at a time: what matters is when it began, and that it is over, not each single time. */
class Episode {
  #count = 0;
  #last = 0n;

  constructor(private readonly tell: { began(): void; ended(count: number): void }) {}

  goesOn(): void {
    this.endIfQuiet();
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
