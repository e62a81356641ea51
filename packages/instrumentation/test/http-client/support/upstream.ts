/** A server that other programs call, with an answer of each kind. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export const BIG = 8_000_000;

type Answer = (request: IncomingMessage, response: ServerResponse, upstream: Upstream) => void;

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/ok': (_, response) => response.end('ok'),
  '/empty': (_, response) => response.end(),
  '/chunked': (_, response) => {
    response.write('one');
    response.end('two');
  },
  '/204': (_, response) => response.writeHead(204).end(),
  '/304': (_, response) => response.writeHead(304).end(),
  '/404': (_, response) => response.writeHead(404).end('no'),
  '/500': (_, response) => response.writeHead(500).end('fault'),
  '/close': (_, response) => response.writeHead(200, { connection: 'close' }).end('bye'),
  '/hints': (_, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('ok');
  },
  '/redirect': (_, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/echo': (request, response) => request.pipe(response),
  '/headers': (request, response) => response.end(JSON.stringify(request.headers)),
  '/big': (_, response) => response.end(Buffer.alloc(BIG)),
  '/hang': () => {},
  '/stall': (_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('a part');
  },
  '/later': (_, response, upstream) => {
    response.write('a part');
    upstream.finish = () => response.end();
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('a part', () => response.socket?.destroy());
  },
  '/drop': (request) => request.socket.destroy(),
  '/garbage': (request) => request.socket.end('this is no HTTP\r\n\r\n'),
  // Fails twice, then answers.
  '/flaky': (_, response, upstream) => {
    upstream.flaky += 1;
    response.writeHead(upstream.flaky % 3 === 0 ? 200 : 503).end('x');
  },
};

export class Upstream {
  flaky = 0;
  /** Ends the answer of `/later`. */
  finish = (): void => {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port of the loopback until the test is over. */
  static async open(host = '127.0.0.1'): Promise<Upstream> {
    const server = createServer((request, response) => {
      const answer = ANSWERS[new URL(request.url ?? '', 'http://x').pathname];
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response, upstream);
    });
    server.on('upgrade', (_, socket: Socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n');
    });
    // As a proxy: through a tunnel that leads to the upstream itself.
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      const { port, hostname } = new URL(`http://${request.url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const each of [socket, onward]) each.on('error', () => onward.destroy());
    });
    const upstream = new Upstream(server);
    onTestFinished(() => upstream.close());
    server.listen(0, host);
    await once(server, 'listening');
    return upstream;
  }

  /** `127.0.0.1:41234` */
  get authority(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://${this.authority}`;
  }

  /** Idempotent. Connections are cut. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
