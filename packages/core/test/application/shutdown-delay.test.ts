/** After a signal, readiness fails at once while requests are served, so that a balancer which follows it loses none. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const program = fileURLToPath(new URL('./fixtures/restarted.mjs', import.meta.url));
const RESTARTS = 5;
const REQUESTS_PER_SECOND = 200;
const MOST_IN_FLIGHT = 400;

// The programs run what is built.
beforeAll(() => promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-b', join(root, 'packages/core')]), 120_000);

interface Instance {
  readonly child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<unknown[]>;
}

async function startInstance(environment: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [], env: { ...process.env, ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const [{ url }] = await Promise.race([
    once(child, 'message') as Promise<[{ url: string }]>,
    exited.then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
  ]);
  return { child, url, exited };
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

/** A small balancer: it asks each instance for its readiness, and sends requests to those that were ready last. */
class Balancer {
  readonly #ready: Instance[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, response) => this.#pass(incoming, response));
  #next = 0;
  #isClosed = false;

  async listen(): Promise<string> {
    // Idle connections stay open, because their end could cross a request.
    this.#server.keepAliveTimeout = 0;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    onTestFinished(() => this.close());
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Asks until the instance is ready. The returned function asks until it is not, and is to be called at once. */
  async add(instance: Instance): Promise<{ readonly gone: Promise<void> }> {
    while ((await statusOf(`${instance.url}/health/ready`)) !== 200) await pause();
    this.#ready.push(instance);
    return { gone: this.#follow(instance) };
  }

  async #follow(instance: Instance): Promise<void> {
    const isReady = async (): Promise<boolean> => {
      try {
        return (await statusOf(`${instance.url}/health/ready`)) === 200;
      } catch (error) {
        // The last instance is killed when the test has ended, maybe during a probe.
        if (this.#isClosed) return false;
        throw error;
      }
    };
    while (!this.#isClosed && (await isReady())) await pause();
    this.#ready.splice(this.#ready.indexOf(instance), 1);
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const instance = this.#ready[this.#next++ % this.#ready.length];
    const outgoing = request(`${instance?.url}${incoming.url}`, { agent: this.#agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 500);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.writeHead(502).end());
    outgoing.end();
  }

  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

// As long as a balancer waits between two questions.
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Sends requests at a steady rate, until it is ended. On a slow machine they become fewer, so that they do not pile up. */
function sendLoad(url: string): { end(): Promise<{ readonly answered: number; readonly failures: readonly string[] }> } {
  const agent = new Agent({ keepAlive: true });
  const failures: string[] = [];
  const inFlight = new Set<Promise<void>>();
  let answered = 0;
  const send = (): void => {
    if (inFlight.size >= MOST_IN_FLIGHT) return;
    const sent = new Promise<void>((resolve) => {
      const outgoing = request(url, { agent }, (answer) => {
        answer.resume().once('end', () => {
          if (answer.statusCode === 200) answered += 1;
          else failures.push(String(answer.statusCode));
          resolve();
        });
      });
      outgoing.once('error', (error) => {
        failures.push(error.message);
        resolve();
      });
      outgoing.end();
    });
    inFlight.add(sent);
    void sent.then(() => inFlight.delete(sent));
  };
  const timer = setInterval(() => {
    for (let count = 0; count < REQUESTS_PER_SECOND / 40; count += 1) send();
  }, 1000 / 40);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(inFlight);
      agent.destroy();
      return { answered, failures };
    },
  };
}

test('no request fails over five restarts behind a balancer that follows readiness', { timeout: 120_000 }, async () => {
  const balancer = new Balancer();
  const url = await balancer.listen();
  let current = await startInstance();
  let { gone } = await balancer.add(current);
  const load = sendLoad(`${url}/work`);
  const exits: Promise<unknown[]>[] = [];
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    const next = await startInstance();
    const added = await balancer.add(next);
    current.child.kill('SIGTERM');
    await gone;
    // Readiness has failed, and requests that are on their way are served.
    expect([await statusOf(`${current.url}/health/live`), await statusOf(`${current.url}/work`)]).toEqual([200, 200]);
    current.child.send('the balancer has noticed');
    exits.push(current.exited);
    current = next;
    gone = added.gone;
  }
  const { answered, failures } = await load.end();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(0);
  expect(await Promise.all(exits)).toEqual(exits.map(() => [0, null]));
  balancer.close();
});

test('a second signal ends the delay at once, and the delay ends by itself', { timeout: 120_000 }, async () => {
  const instance = await startInstance();
  instance.child.kill('SIGTERM');
  while ((await statusOf(`${instance.url}/health/ready`)) === 200) await pause();
  expect(await statusOf(`${instance.url}/work`)).toBe(200);
  const again = setInterval(() => instance.child.kill('SIGTERM'), 1500);
  expect(await instance.exited).toEqual([1, null]);
  clearInterval(again);

  const short = await startInstance({ TSUKIMI_SERVER_SHUTDOWN_DELAY_MS: '100' });
  short.child.kill('SIGTERM');
  expect(await short.exited).toEqual([0, null]);
});
