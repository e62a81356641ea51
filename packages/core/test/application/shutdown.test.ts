import { once } from 'node:events';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { type ApplicationOptions, Controller, createApplication, Get, OnStop, Scheduled, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, describeError, logSink, rejection, start } from '../start.js';

const anyPort = { configuration: { server: { port: 0 } } } satisfies ApplicationOptions;

/** A promise, and the function that settles it. */
function latch(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A controller whose request waits until it is let go. */
function slowly() {
  const [arrived, released] = [latch(), latch()];
  @Controller('/slow')
  class Slow {
    @Get('/')
    async wait(): Promise<string> {
      arrived.open();
      await released.opened;
      return 'done';
    }
  }
  return { Slow, arrived, released };
}

test('close finishes running requests, refuses new ones, and does not wait for idle connections', async () => {
  const { Slow, arrived, released } = slowly();
  const application = await start(applicationOf([Slow]), anyPort);
  const url = await application.listen();
  const agent = new Agent({ keepAlive: true });
  const answer = new Promise<IncomingMessage>((resolve) => httpGet(`${url}/slow`, { agent }, resolve));
  await arrived.opened;
  const closed = application.close();
  await expect(fetch(`${url}/slow`)).rejects.toThrow('fetch failed');
  released.open();
  const response = await answer;
  response.setEncoding('utf8');
  expect([response.statusCode, (await response.toArray()).join('')]).toEqual([200, 'done']);
  const before = performance.now();
  await closed;
  expect(performance.now() - before).toBeLessThan(2000); // the keep-alive of the connection is 72 s
  agent.destroy();
});

test('close does not wait for a connection that never sent anything', async () => {
  const application = await start(applicationOf([]), anyPort);
  const socket = connect(Number(new URL(await application.listen()).port), '127.0.0.1');
  await once(socket, 'connect');
  const before = performance.now();
  await application.close();
  expect(performance.now() - before).toBeLessThan(2000); // Node would wait 60 s for its first request
  socket.destroy();
});

test('close waits for running tasks', async () => {
  const [started, released] = [latch(), latch()];
  const events: string[] = [];
  @Service()
  class Jobs {
    @Scheduled({ fixedRate: 3_600_000 })
    async tidy(): Promise<void> {
      started.open();
      await released.opened;
      events.push('task done');
    }
    @OnStop()
    end(): void {
      events.push('stop hook');
    }
  }
  const application = await start(applicationOf([Jobs]));
  const run = application.scheduler.run('Jobs.tidy');
  await started.opened;
  const closed = application.close();
  released.open();
  await Promise.all([run, closed]);
  expect(events).toEqual(['task done', 'stop hook']);
});

test('past the timeout it says what is still running, closes all connections and goes on with the stop hooks', async () => {
  const { Slow, arrived } = slowly();
  const events: string[] = [];
  @Service()
  class Pool {
    @OnStop()
    async close(): Promise<void> {
      await new Promise(setImmediate);
      events.push('pool closed');
    }
    @Scheduled({ fixedRate: 3_600_000, name: 'endless' })
    async endless(): Promise<void> {
      await new Promise(() => undefined);
    }
  }
  const { lines, logger } = logSink();
  const configuration = { server: { port: 0, shutdown_timeout_ms: 50 } };
  const application = await start(applicationOf([Slow, Pool]), { configuration, logger });
  const failed = rejection(fetch(`${await application.listen()}/slow`));
  void application.scheduler.run('endless');
  await arrived.opened;
  await application.close();
  expect(await failed).toBeInstanceOf(TypeError);
  expect(events).toEqual(['pool closed']);
  expect(lines.filter(({ level }) => level >= 50)).toMatchObject([
    { msg: 'still running after server.shutdown_timeout_ms (50 ms); closing all connections', connections: 1, tasks: ['endless'] },
  ]);
});

test('a stop hook that never ends is given up, and the next one runs', async () => {
  const events: string[] = [];
  @Service()
  class Pool {
    @OnStop()
    close(): void {
      events.push('pool closed');
    }
  }
  @Service()
  class Hanging {
    constructor(readonly pool: Pool) {}
    @OnStop()
    async hang(): Promise<void> {
      await new Promise(() => undefined);
    }
  }
  const { lines, logger } = logSink();
  const application = await start(applicationOf([Hanging, Pool]), { configuration: { server: { shutdown_timeout_ms: 20 } }, logger });
  await application.close();
  expect(events).toEqual(['pool closed']);
  expect(lines.at(-1)).toMatchObject({
    level: 50,
    msg: 'the stop hook of Hanging did not stop in time; the shutdown no longer waits for it',
  });
});

test('listen returns the URL, logs it once, and listens once', async () => {
  const { lines, logger } = logSink();
  const application = await start(applicationOf([]), { ...anyPort, logger });
  const [first, second] = await Promise.all([application.listen(), application.listen()]);
  expect(first).toBe(second);
  expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines.map(({ msg }) => msg)).toEqual([`App listens on ${first}`]);
});

test('listen after close is refused', async () => {
  const application = await start(applicationOf([]), anyPort);
  await application.close();
  expect(describeError(await rejection(application.listen()))).toBe(
    'TSK_ERR_APPLICATION_CLOSED: listen() was called after close(). Create a new application.',
  );
});

test('a busy port names itself and the ways out; once it is free, listening works', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const application = await start(applicationOf([]), { configuration: { server: { port } } });
  expect(describeError(await rejection(application.listen()))).toBe(
    `TSK_ERR_WEB_PORT_IN_USE: Port ${port} on 127.0.0.1 is in use by another program. Stop it (find it with: lsof -i :${port}), or set server.port or TSUKIMI_SERVER_PORT to another port.`,
  );
  holder.close();
  await once(holder, 'close');
  expect(await application.listen()).toBe(`http://127.0.0.1:${port}`);
});

test('a host that is not this machine', async () => {
  const application = await start(applicationOf([]), { configuration: { server: { port: 0, host: '192.0.2.1' } } });
  expect(describeError(await rejection(application.listen()))).toBe(
    'TSK_ERR_WEB_HOST: 192.0.2.1 is not an address of this machine. Set server.host or TSUKIMI_SERVER_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine.',
  );
});

test('the log level is the configured one', async () => {
  const { lines, logger } = logSink();
  const application = await start(applicationOf([]), { configuration: { logging: { level: 'error' } }, logger });
  application.logger.warn('unheard');
  application.logger.error('heard');
  expect(lines.map(({ msg }) => msg)).toEqual(['heard']);
  expect((await start(applicationOf([]), { configuration: { logging: { level: 'silent' } }, logger })).logger.level).toBe('silent');
});

test('started and closed 100 times, nothing is left behind', async () => {
  @Service()
  class Jobs {
    @Scheduled({ fixedRate: 1000 })
    tidy(): void {}
    @Scheduled({ cron: '0 0 * * * *' })
    report(): void {}
  }
  const App = applicationOf([Jobs]);
  const cycle = async (): Promise<void> => {
    const application = await createApplication(App, { ...anyPort, environment: {}, logger: false });
    await fetch(await application.listen());
    await application.close();
  };
  await cycle(); // what is made once in a process is there from now on
  await expect.poll(() => leftovers().servers).toBe(0);
  const before = leftovers();
  for (let round = 0; round < 100; round += 1) await cycle();
  await expect.poll(() => leftovers().servers).toBe(0);
  expect(leftovers().listeners).toEqual(before.listeners);
  // The HTTP client and Vitest have timers of their own, which come and go; a timer that is left by each round would be a hundred.
  expect(leftovers().timers).toBeLessThan(before.timers + 50);
});

function leftovers() {
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => name === 'Timeout' || name === 'TCPServerWrap' || name === 'Immediate');
  const listeners = process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
  return {
    servers: resources.filter((name) => name === 'TCPServerWrap').length,
    timers: resources.filter((name) => name === 'Timeout').length,
    listeners,
  };
}
