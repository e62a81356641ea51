/** Clients that ask all the time and count what goes wrong: some keep their connections, some open one for each request, some speak HTTP/2. */
import { Agent, get } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import type { Who } from './worker-program.js';

// Far more than a request takes on any machine.
const LIMIT_MS = 60_000;

/** What the clients have seen. */
export interface Seen {
  /** The incarnations that answered, and how often. */
  readonly answers: Map<number, number>;
  readonly failures: string[];
  /** How many answers asked the client to close its connection. */
  closes: number;
}

type Ask = () => Promise<{ readonly status: number | undefined; readonly who: Who; readonly closes: boolean }>;

/** Clients that run until `stop`. */
export class SteadyClients {
  readonly seen: Seen = { answers: new Map(), failures: [], closes: 0 };
  readonly #running: Promise<void>[];
  readonly #ends: (() => void)[] = [];
  #isOver = false;

  constructor(asks: readonly { ask: Ask; end(): void }[]) {
    this.#ends = asks.map(({ end }) => end);
    this.#running = asks.map(({ ask }) => this.#run(ask));
  }

  async stop(): Promise<Seen> {
    this.#isOver = true;
    await Promise.all(this.#running);
    for (const end of this.#ends) end();
    return this.seen;
  }

  async #run(ask: Ask): Promise<void> {
    while (!this.#isOver) {
      try {
        const { status, who, closes } = await Promise.race([ask(), delay(LIMIT_MS).then(() => Promise.reject(new Error('no answer')))]);
        if (status !== 200) this.seen.failures.push(`status ${status}`);
        if (closes) this.seen.closes += 1;
        this.seen.answers.set(who.incarnation, (this.seen.answers.get(who.incarnation) ?? 0) + 1);
      } catch (error) {
        this.seen.failures.push(String(error));
      }
      // The next request is on its way right after an answer, and sometimes a little later.
      await delay(Math.random() * 20);
    }
  }
}

/** HTTP/1.1, with one connection that is kept, or one for each request. */
export function http1(url: string, { keepAlive }: { keepAlive: boolean }): { ask: Ask; end(): void } {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const ask: Ask = () =>
    new Promise((resolve, reject) => {
      const request = get(`${url}/who`, { agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject);
        const closes = keepAlive && response.headers.connection === 'close';
        response.on('end', () => resolve({ status: response.statusCode, who: JSON.parse(text), closes }));
      });
      request.on('error', reject);
    });
  return { ask, end: () => agent.destroy() };
}

/**
 * HTTP/2, with a session that is opened again when the server has closed it. Node's client refuses requests that it has not sent yet when it reads
 * GOAWAY, and leaves it to its user to ask again, as RFC 9113 allows for every request.
 */
export function http2(url: string): { ask: Ask; end(): void } {
  let session: ClientHttp2Session | undefined;
  let closes = false;
  const open = (): ClientHttp2Session => {
    const opened = connect(url);
    opened.on('goaway', () => {
      closes = true;
    });
    opened.on('error', () => undefined); // its requests fail with the same error
    return opened;
  };
  const attempt: Ask = () =>
    new Promise((resolve, reject) => {
      if (session === undefined || session.closed || session.destroyed) session = open();
      const stream = session.request({ ':path': '/who' });
      let status: number | undefined;
      let text = '';
      stream.on('response', (headers) => {
        status = headers[':status'];
      });
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      stream.on('error', reject);
      stream.on('end', () => {
        resolve({ status, who: JSON.parse(text), closes });
        closes = false;
      });
    });
  const ask: Ask = () =>
    attempt().catch((error: unknown) => {
      if (closes && String(error).includes('NGHTTP2_REFUSED_STREAM')) return attempt();
      throw error;
    });
  return { ask, end: () => session?.destroy() };
}
