/** Listens for DogStatsD, and adds counters up. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export class PushedCounters {
  readonly #socket: Socket;
  /** By the line without its value, such as `tsukimi.http.requests|c|#method:GET,path:/red,status:500`. */
  readonly #sums = new Map<string, number>();

  private constructor(socket: Socket) {
    this.#socket = socket.on('message', (packet) => this.#add(packet.toString('utf8')));
  }

  static async listen(): Promise<PushedCounters> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new PushedCounters(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The sum of each of a counter's series, by its tags. */
  of(name: string): { readonly tags: Readonly<Record<string, string>>; readonly sum: number }[] {
    return [...this.#sums]
      .filter(([key]) => key.startsWith(`${name}|c|#`))
      .map(([key, sum]) => ({
        tags: Object.fromEntries(
          key
            .slice(name.length + 4)
            .split(',')
            .map(tagOf),
        ),
        sum,
      }));
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #add(packet: string): void {
    for (const line of packet.split('\n')) {
      const [, name = '', value = '', rest = ''] = /^([^:]+):([^|]+)\|(c\|.*)$/.exec(line) ?? [];
      if (name !== '') this.#sums.set(`${name}|${rest}`, (this.#sums.get(`${name}|${rest}`) ?? 0) + Number(value));
    }
  }
}

/** A value may have a colon: `path:/users/:id`. */
function tagOf(tag: string): [string, string] {
  const colon = tag.indexOf(':');
  return [tag.slice(0, colon), tag.slice(colon + 1)];
}
