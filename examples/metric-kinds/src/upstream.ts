/** A server on a port of its own that stands for somebody else's: it answers `/<n>` after n milliseconds. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Component, OnStart, OnStop } from 'tsukimi';

@Component()
export class Upstream {
  readonly #server = createServer(async (request, response) => {
    await delay(Number(request.url?.slice(1)));
    response.end('moon');
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  @OnStart()
  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  @OnStop()
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
