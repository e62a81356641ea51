/** Logs every request into PostgreSQL, without making anybody wait for it. */
import { type Counter, CurrentLogger, Inject, InstrumentationProvider, OnStop, Service } from 'tsukimi';
import type { LoggedRequest, RouteCount } from './logged-request.js';
import { RequestRepository } from './request-repository.js';

/** How many rows may wait for the database; further requests are not logged. */
const MOST_PENDING = 1_000;

interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

@Service()
export class RequestLog {
  readonly #pending = new Set<Promise<void>>();
  readonly #entries: Counter<'outcome'>;
  #failing = false;

  constructor(
    private readonly repository: RequestRepository,
    @Inject(CurrentLogger) private readonly logger: Logger,
    instrumentation: InstrumentationProvider,
  ) {
    this.#entries = instrumentation.counter({
      name: 'request_log_entries_total',
      help: 'Requests to be logged in PostgreSQL, by outcome: written, failed, or dropped because too many waited.',
      labelNames: ['outcome'],
    });
    for (const outcome of ['written', 'failed', 'dropped']) this.#entries.inc({ outcome }, 0);
  }

  /** Returns at once; the row is written in the background. */
  record(request: LoggedRequest): void {
    if (this.#pending.size >= MOST_PENDING) {
      this.#entries.inc({ outcome: 'dropped' });
      return;
    }
    const written = this.#write(request).finally(() => this.#pending.delete(written));
    this.#pending.add(written);
  }

  /** Waits for the rows that are on their way. */
  @OnStop()
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async countByRoute(): Promise<RouteCount[]> {
    await this.flush();
    return this.repository.countByRoute();
  }

  async #write(request: LoggedRequest): Promise<void> {
    try {
      await this.repository.insert(request);
      this.#entries.inc({ outcome: 'written' });
      this.#tell(false);
    } catch (err) {
      this.#entries.inc({ outcome: 'failed' });
      this.#tell(true, err);
    }
  }

  // One line for each change: a database that is away would otherwise fill the log.
  #tell(failing: boolean, err?: unknown): void {
    if (failing === this.#failing) return;
    this.#failing = failing;
    if (failing)
      this.logger.warn({ err }, 'Requests are not logged: the database refuses them. They are counted in request_log_entries_total.');
    else this.logger.info({}, 'Requests are logged again.');
  }
}
