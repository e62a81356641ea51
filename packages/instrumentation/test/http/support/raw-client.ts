/** A client that speaks HTTP/1 by hand: it may pipeline, send what is not HTTP, and go away when it likes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One connection of the client. */
export class RawClient {
  #received = '';
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => this.#changed(() => (this.#received += chunk.toString('latin1'))));
    socket.on('error', () => {}); // the tests are about what the server makes of it
    socket.on('close', () => this.#changed(() => (this.#isClosed = true)));
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  get received(): string {
    return this.#received;
  }

  /** The status codes of the answers so far, those that begin a line. */
  get statuses(): number[] {
    return [...this.#received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** The status codes of the answers so far, which are forgotten. */
  takeStatuses(): number[] {
    const { statuses } = this;
    this.#received = '';
    return statuses;
  }

  write(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Sends a request without a body. */
  request(method: string, target: string, headers: readonly string[] = []): this {
    return this.write([`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'));
  }

  /** Waits until what was received has this in it. */
  async until(text: string | RegExp): Promise<void> {
    await this.#wait(() => (typeof text === 'string' ? this.#received.includes(text) : text.test(this.#received)));
  }

  /** Waits for so many answers. */
  async answers(count: number): Promise<number[]> {
    await this.#wait(() => this.statuses.length >= count);
    return this.statuses;
  }

  /** Waits until the connection is closed. @returns all that was received */
  async closed(): Promise<string> {
    await this.#wait(() => this.#isClosed);
    return this.#received;
  }

  /** Goes away. */
  async abort(): Promise<void> {
    this.socket.destroy();
    await this.closed();
  }

  /** Goes away with a reset instead of an orderly close. */
  async reset(): Promise<void> {
    this.socket.resetAndDestroy();
    await this.closed();
  }

  #changed(change: () => void): void {
    change();
    for (const wake of this.#waiting) wake();
  }

  async #wait(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#isClosed) throw new Error(`the connection closed after ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

/** Sends one request on a connection of its own. @returns the whole answer */
export async function ask(port: number, method: string, target: string, headers: readonly string[] = []): Promise<string> {
  const client = await RawClient.connect(port);
  return await client.request(method, target, ['Connection: close', ...headers]).closed();
}

/** Sends one request with a body on a connection of its own. @returns the status of the answer */
export async function post(port: number, target: string, body: string, contentType = 'application/json'): Promise<number> {
  const client = await RawClient.connect(port);
  const headers = ['Host: localhost', 'Connection: close', `Content-Type: ${contentType}`, `Content-Length: ${Buffer.byteLength(body)}`];
  const answer = await client.write([`POST ${target} HTTP/1.1`, ...headers, '', body].join('\r\n')).closed();
  return statusOf(answer);
}

/** The status of an answer as text. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}
