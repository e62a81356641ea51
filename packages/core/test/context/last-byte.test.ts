/** When the context of a request ends: with the last byte, or with its connection. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import {
  type ContextOutcome,
  Controller,
  contextHeaders,
  currentRequestContext,
  type Extension,
  Get,
  type OpenContext,
  Reply,
  Scheduled,
} from '@tsukimi/core';
import type { FastifyReply } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { applicationOf, logSink, start } from '../start.js';

type End = Pick<ContextOutcome, 'statusCode' | 'isAborted' | 'hasFailed'> & { readonly at: string | undefined; readonly message?: string };

/** Keeps how contexts began and ended, and waits for ends. */
class Ends {
  readonly began: string[] = [];
  readonly ended: End[] = [];
  #waiting: (() => void)[] = [];

  readonly extension = (): Extension => ({
    name: 'ends',
    requestContext: () => ({
      began: (context, exchange) => this.began.push(`${placeOf(context)} ${exchange === undefined ? 'task' : 'request'}`),
      ended: (context, { error, ...outcome }) => {
        this.ended.push({ at: placeOf(context), ...outcome, ...(error instanceof Error && { message: error.message }) });
        for (const tell of this.#waiting.splice(0)) tell();
      },
    }),
  });

  async times(count: number): Promise<readonly End[]> {
    while (this.ended.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.ended;
  }
}

const placeOf = ({ route, task }: OpenContext) => route ?? task;

@Controller('/moons')
class Moons {
  static streaming: FastifyReply | undefined;

  @Get('/')
  list() {
    return { context: currentRequestContext()?.route, headers: contextHeaders() };
  }

  @Get('/broken')
  broken() {
    throw new Error('no moon');
  }

  @Get('/stream')
  stream(@Reply() reply: FastifyReply) {
    reply.hijack();
    reply.raw.write('first');
    Moons.streaming = reply;
  }

  @Scheduled({ name: 'nightly', cron: '0 0 3 * * *' })
  nightly() {
    return 'done';
  }

  @Scheduled({ name: 'failing', cron: '0 0 3 * * *' })
  failing() {
    throw new Error('no moon tonight');
  }
}

async function listening(options: object = {}) {
  const ends = new Ends();
  const app = await start(applicationOf([Moons], { extensions: [ends.extension] }), {
    configuration: { server: { port: 0 } },
    ...options,
  });
  const { port } = new URL(await app.listen());
  return { ends, app, port: Number(port) };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

test('requests end with their last byte, with status and error', async () => {
  const { ends, port } = await listening();
  const socket = await connected(port);
  socket.resume();
  for (const [index, path] of ['/moons', '/moons/broken', '/nowhere'].entries()) {
    socket.write(request(path));
    await ends.times(index + 1);
  }
  expect(ends.ended).toEqual([
    { at: '/moons', statusCode: 200, isAborted: false, hasFailed: false },
    { at: '/moons/broken', statusCode: 500, isAborted: false, hasFailed: true, message: 'no moon' },
    { at: undefined, statusCode: 404, isAborted: false, hasFailed: false },
  ]);
  expect(ends.began).toEqual(['/moons request', '/moons/broken request', 'undefined request']);
});

test('a request whose client goes away is aborted, and so are those that were pipelined behind it', async () => {
  const { ends, port } = await listening();
  const socket = await connected(port);
  socket.write(request('/moons/stream') + request('/moons'));
  await once(socket, 'data');
  socket.destroy();
  const ended = await ends.times(2);
  expect(ended.map(({ at, isAborted }) => [at, isAborted]).toSorted()).toEqual([
    ['/moons', true],
    ['/moons/stream', true],
  ]);
});

test('a hijacked response ends when its handler has written all of it', async () => {
  const { ends, port } = await listening();
  const socket = await connected(port);
  socket.write(request('/moons/stream'));
  await once(socket, 'data');
  expect(ends.ended).toEqual([]);
  Moons.streaming?.raw.end();
  expect(await ends.times(1)).toEqual([{ at: '/moons/stream', statusCode: 200, isAborted: false, hasFailed: false }]);
});

test('HTTP/2 streams end by themselves, or are aborted by a reset', async () => {
  const { ends, port } = await listening({ server: { fastify: { http2: true } } });
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const whole = session.request({ ':path': '/moons' });
  whole.resume();
  await once(whole, 'end');
  await ends.times(1);
  const reset = session.request({ ':path': '/moons/stream' });
  await once(reset, 'data');
  reset.close(8);
  await ends.times(2);
  expect(ends.ended.map(({ at, isAborted }) => [at, isAborted])).toEqual([
    ['/moons', false],
    ['/moons/stream', true],
  ]);
});

test('injected requests end', async () => {
  const { ends, app } = await listening();
  const answer = await app.inject({
    url: '/moons',
    headers: { 'x-request-id': 'abc', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  });
  expect(answer.json()).toEqual({
    context: '/moons',
    headers: { 'x-request-id': 'abc', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  });
  expect(await ends.times(1)).toEqual([{ at: '/moons', statusCode: 200, isAborted: false, hasFailed: false }]);
});

test('task runs end with their outcome', async () => {
  const { ends, app } = await listening();
  await app.scheduler.run('nightly');
  await expect(app.scheduler.run('failing')).rejects.toThrow('no moon tonight');
  expect(ends.ended).toEqual([
    { at: 'nightly', isAborted: false, hasFailed: false },
    { at: 'failing', isAborted: false, hasFailed: true, message: 'no moon tonight' },
  ]);
  expect(ends.began).toEqual(['nightly task', 'failing task']);
});

test('an observer that throws breaks nothing, and is logged once', async () => {
  const { lines, logger } = logSink();
  const fail = () => {
    throw new Error('observer broken');
  };
  const App = applicationOf([Moons], { extensions: [() => ({ name: 'broken', requestContext: () => ({ began: fail, ended: fail }) })] });
  const app = await start(App, { logger });
  expect((await app.inject('/moons')).statusCode).toBe(200);
  expect((await app.inject('/moons')).statusCode).toBe(200);
  expect(lines.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
    'An observer of requests threw an error; further ones are not logged',
  ]);
});
