/** One stream of a view's state. It connects again by itself, and is closed while nobody can see the page. */
import type { LiveChange, LiveState } from '../../src/api-types.js';
import type { LiveStatus } from '../context/page-context.js';
import { applyChange } from './apply-change.js';
import { PATIENCE_MS } from './ask.js';

export interface LiveListener {
  state(state: LiveState): void;
  status(status: LiveStatus): void;
}

const RETRY_MS = 2000;
const FULL_RETRY_MS = 10_000;
const TICK_MS = 1000;
/** Where something changes, it does so once a second. */
const QUIET_MS = 1500;

export class LiveStream {
  readonly #query: string;
  readonly #listener: LiveListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;
  #state: LiveState | undefined;
  /** When something came last. By the clock of the day, because other clocks stand still while a laptop sleeps. */
  #heardAt = 0;
  /** When the server told of a change last. */
  #changedAt = 0;
  /** When `now` of the state was what it is. */
  #toldAt = 0;
  #isLive = false;
  #isEnded = false;

  /** @param query of `api/live` */
  constructor(query: string, listener: LiveListener) {
    this.#query = query;
    this.#listener = listener;
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (!document.hidden) this.#open();
  }

  close(): void {
    this.#isEnded = true;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#disconnect();
  }

  readonly #onVisibility = (): void => {
    if (document.hidden) this.#disconnect();
    else if (this.#source === undefined) this.#open();
  };

  #disconnect(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#ticks);
    this.#source?.close();
    this.#source = undefined;
    this.#isLive = false;
  }

  #open(): void {
    this.#disconnect();
    const source = new EventSource(`api/live?${this.#query}`);
    this.#source = source;
    source.addEventListener('state', ({ data }) => this.#show(JSON.parse(data) as LiveState));
    source.addEventListener('change', ({ data }) => {
      if (this.#state !== undefined) this.#show(applyChange(this.#state, JSON.parse(data) as LiveChange));
    });
    source.addEventListener('alive', () => {
      this.#heardAt = Date.now();
    });
    source.addEventListener('closing', () => this.#isNot('disconnected'));
    source.addEventListener('error', () => this.#lost(source));
    this.#heardAt = Date.now();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
  }

  #show(state: LiveState): void {
    const now = Date.now();
    [this.#heardAt, this.#changedAt, this.#toldAt] = [now, now, now];
    this.#state = state;
    this.#isLive = true;
    this.#listener.state(state);
    this.#listener.status('live');
  }

  #isNot(status: LiveStatus): void {
    this.#isLive = false;
    this.#listener.status(status);
  }

  /** Time goes on also where nothing changes. A connection can die without an error: then nothing comes any more. */
  #tick(): void {
    const now = Date.now();
    // The clock may have been set back.
    [this.#heardAt, this.#changedAt, this.#toldAt] = [
      Math.min(this.#heardAt, now),
      Math.min(this.#changedAt, now),
      Math.min(this.#toldAt, now),
    ];
    if (now - this.#heardAt >= PATIENCE_MS) {
      this.#isNot('disconnected');
      this.#open();
    } else if (now - this.#changedAt > QUIET_MS) this.#tellTime(now);
  }

  #tellTime(now: number): void {
    if (!this.#isLive || this.#state === undefined || !('now' in this.#state)) return;
    this.#state = { ...this.#state, now: this.#state.now + (now - this.#toldAt) / 1000 };
    this.#toldAt = now;
    this.#listener.state(this.#state);
  }

  /** The browser connects again by itself unless it was answered with an error. */
  #lost(source: EventSource): void {
    if (source.readyState !== EventSource.CLOSED) {
      this.#isNot('disconnected');
      return;
    }
    this.#isLive = false;
    void isFull(this.#query).then((full) => {
      if (this.#isEnded || this.#source !== source) return;
      this.#listener.status(full ? 'full' : 'disconnected');
      clearInterval(this.#ticks);
      this.#timer = setTimeout(() => this.#open(), full ? FULL_RETRY_MS : RETRY_MS);
    });
  }
}

async function isFull(query: string): Promise<boolean> {
  try {
    return (await fetch(`api/live?${query}`, { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE_MS) })).status === 503;
  } catch {
    return false;
  }
}
