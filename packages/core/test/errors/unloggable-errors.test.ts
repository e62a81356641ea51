/** Whatever is thrown, its catcher goes on: tasks keep their schedule, later stop hooks run, clients get the bare 500, and the log says it. */
import { Controller, Get, loggableThrown, OnStop, Scheduled, Service } from '@tsukimi/core';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { applicationOf, logSink, start } from '../start.js';

class ShopError extends Error {
  readonly orderId = 17;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable(new Error('gone'), {});
  revoke();
  return proxy;
}

function withGetter(key: string): Error {
  return Object.defineProperty(new ShopError('the till jams'), key, {
    enumerable: true,
    get: () => {
      throw new TypeError('a getter that throws');
    },
  });
}

function throwingProxy(): Error {
  return new Proxy(new ShopError('the till jams'), {
    get: () => {
      throw new TypeError('a trap that throws');
    },
  });
}

function circular(): Error {
  const [one, other] = [new ShopError('the till jams'), new Error('no power')];
  one.cause = other;
  other.cause = one;
  return Object.freeze(one);
}

const noText = {
  toString() {
    throw new TypeError('no text');
  },
};

/** What is thrown, and what the log has to say of it. */
const CASES: readonly (readonly [what: string, thrown: unknown, logged: RegExp])[] = [
  ['a frozen error', Object.freeze(new ShopError('the till jams')), /the till jams.*"orderId":17/],
  ['a sealed error', Object.seal(new ShopError('the till jams')), /the till jams.*"orderId":17/],
  ['a frozen circle of causes', circular(), /the till jams: no power/],
  ...['message', 'stack', 'cause', 'name', 'code', 'statusCode', 'constructor', 'details'].map(
    (key) => [`an error whose ${key} throws`, withGetter(key), /the till jams|"orderId":17/] as const,
  ),
  ['an error whose details throw as JSON', Object.assign(new ShopError('the till jams'), { details: withGetter('x') }), /the till jams/],
  ['an error with a revoked Proxy in it', Object.assign(new ShopError('the till jams'), { details: revoked() }), /the till jams/],
  ['an error whose cause is a revoked Proxy', new ShopError('the till jams', { cause: revoked() }), /the till jams/],
  ['an error with a BigInt and a circle', Object.assign(new ShopError('the till jams'), { big: 1n, self: noText }), /the till jams/],
  ['an aggregate of itself', selfish(), /the till jams/],
  ['a Proxy that refuses', throwingProxy(), /the till jams/],
  ['a revoked Proxy', revoked(), /Revoked Proxy|cannot be read/],
  ['a thing without text', noText, /toString|something of type object/],
  ['nothing', undefined, /undefined/],
  ['a symbol', Symbol('moon'), /Symbol\(moon\)/],
  ['a BigInt', 12n, /12/],
  ['a function', () => 'moon', /Function|moon/],
  ['null', null, /null/],
  ['an object without a prototype', Object.assign(Object.create(null), { moon: 'full' }), /moon|something of type object/],
];

function selfish(): Error {
  const error = new AggregateError([new Error('one')], 'the till jams');
  error.errors.push(error);
  return Object.freeze(error);
}

function applicationThatThrows(thrown: unknown) {
  const events: string[] = [];
  @Service()
  class Pool {
    @OnStop()
    close(): void {
      events.push('pool closed');
    }
  }
  @Controller('/')
  class Till {
    constructor(readonly pool: Pool) {}
    @Get('/sync')
    sync(): string {
      throw thrown;
    }
    @Get('/async')
    async async(): Promise<string> {
      throw thrown;
    }
    @Scheduled({ fixedRate: 3_600_000, name: 'till' })
    async count(): Promise<void> {
      throw thrown;
    }
    @OnStop()
    async stop(): Promise<void> {
      throw thrown;
    }
  }
  return { App: applicationOf([Till, Pool]), events };
}

const BARE = { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' };
const custom = { err: (error: Error) => ({ type: error.name, message: error.message.toUpperCase(), stack: '' }) };

test.each(CASES)('%s is survived and logged', async (_what, thrown, logged) => {
  const { App, events } = applicationThatThrows(thrown);
  for (const serializers of [undefined, custom]) {
    const lines: string[] = [];
    const logger = { stream: { write: (line: string) => void lines.push(line) }, serializers: serializers ?? {} };
    const application = await start(App, { configuration: { server: { port: 0 } }, logger });
    for (const url of ['/sync', '/async']) {
      const response = await application.inject(url);
      expect([response.statusCode, response.json()]).toEqual([500, BARE]);
    }
    await application.listen(); // starts the schedule, whose first run is at once
    await expect.poll(() => lines.some((line) => line.includes('Task till failed'))).toBe(true);
    expect(application.scheduler.tasks).toMatchObject([{ failures: 1, lastError: expect.any(String) }]);
    await application.close();
    expect(events.splice(0)).toEqual(['pool closed']);
    const errors = lines.filter((line) => JSON.parse(line).level === 50);
    expect(errors.map((line) => JSON.parse(line).msg)).toEqual([
      'GET /sync answered 500',
      'GET /async answered 500',
      'Task till failed',
      'the stop hook of Till failed to stop',
    ]);
    if (serializers === undefined) for (const line of errors) expect(line).toMatch(logged);
  }
});

test('an ordinary error is logged as pino does', async () => {
  const cause = Object.assign(new RangeError('too far'), { code: 'E_FAR' });
  const error = Object.assign(new ShopError('the till jams', { cause }), { details: { a: [1, { b: null }] }, nested: new Error('inner') });
  const aggregate = new AggregateError([error, new Error('two')], 'both');
  const [ours, pinos] = [logSink(), logSink()];
  const application = await start(applicationOf([]), { logger: ours.logger });
  const plain = fastify({ logger: { stream: pinos.logger.stream } });
  for (const log of [application.logger, plain.log]) for (const err of [error, aggregate, 'text', { a: 1 }, null]) log.error({ err }, 'x');
  const errorsIn = (lines: readonly object[]) => lines.map((line) => Reflect.get(line, 'err'));
  expect(errorsIn(ours.lines)).toEqual(errorsIn(pinos.lines));
});

test('a logger of somebody else gets the error itself, or a plain one where it could not be read', () => {
  const ordinary = new ShopError('the till jams');
  expect(loggableThrown(ordinary)).toBe(ordinary);
  const frozen = Object.freeze(new ShopError('the till jams'));
  expect(loggableThrown(frozen)).toMatchObject({ name: 'ShopError', message: 'the till jams', stack: frozen.stack, orderId: 17 });
  expect(loggableThrown(frozen)).toBeInstanceOf(Error);
  for (const [, thrown] of CASES) expect(() => `${JSON.stringify(loggableThrown(thrown))}`).not.toThrow();
});
