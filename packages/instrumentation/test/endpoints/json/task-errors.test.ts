/** What strangers may read of a task's error: its class, and the message only where asked for, without credentials. */
import { Scheduled, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { jsonView } from '../../support/scrape.js';
import { instrumentedApplication, start } from '../../support/start.js';

let thrown: unknown;

class UpstreamError extends Error {}

@Service()
class Sync {
  @Scheduled({ fixedRate: 3_600_000 })
  run() {
    throw thrown;
  }
}

async function lastErrors(values: readonly unknown[], metrics: Readonly<Record<string, boolean>> = {}): Promise<unknown[]> {
  const { app } = await start(instrumentedApplication([Sync]), { configuration: { metrics } });
  const seen: unknown[] = [];
  for (thrown of values) {
    await app.scheduler.run('Sync.run').catch(() => {});
    seen.push((await jsonView(app)).scheduler.tasks[0].last_error);
  }
  return seen;
}

test('the class of the error, and nothing of what it says', async () => {
  const errors = [
    new Error('connect postgres://app:X@db'),
    new UpstreamError('X'),
    new TypeError('X'),
    'X',
    undefined,
    Object.freeze({ message: 'X' }),
  ];
  expect(await lastErrors(errors)).toEqual(['Error', 'UpstreamError', 'TypeError', 'string', 'undefined', 'Object']);
});

test('a name that is a message is not shown, whether it is that of the error or of its class', async () => {
  const message = 'connect postgres://app:X@db';
  class Named extends Error {
    override name = message;
  }
  class Static extends Error {
    static override readonly name = message;
  }
  class Getter extends Error {
    static override get name() {
      return message;
    }
  }
  const errors = [
    new Named(),
    new Static(),
    new Getter(),
    Object.assign(Object.create(null), { name: message, message }),
    Object.assign(new Error('X'), { constructor: undefined, name: message }),
    JSON.parse(JSON.stringify({ constructor: { name: message } })),
    Object.assign(Object.create(null), { name: 'X'.repeat(10_000) }),
    Object.assign(Object.create(null), { name: 'MongoError' }),
    new AggregateError([new Error(message)], message),
    new Error('outer', { cause: new Error(message) }),
    Symbol(message),
  ];
  const classes = ['Named', 'Error', 'Error', 'Error', 'Error', 'Error', 'Error', 'MongoError', 'AggregateError', 'Error', 'symbol'];
  expect(await lastErrors(errors)).toEqual(classes);
});

test.each([
  ['connect ECONNREFUSED postgres://app:X@db:5432/shop', 'connect ECONNREFUSED postgres://***@db:5432/shop'],
  ['redis://:X/X@X@cache:6379 is down', 'redis://***@cache:6379 is down'],
  ['GET https://api.example/v1?token=X&page=2 failed', 'GET https://api.example/v1?*** failed'],
  ['Server=db;User Id=sa;Password=X;Encrypt=true', 'Server=db;User Id=sa;Password=***;Encrypt=true'],
  ["login failed: password='X X'", 'login failed: password=***'],
  ['refused {"user":"a","api_key":"X"}', 'refused {"user":"a","api_key":***}'],
  ['sent Authorization: Bearer X.X.X to auth', 'sent Authorization: *** to auth'],
  ['Basic XXXXXXXX== was refused', 'Basic *** was refused'],
  ['bad token eyJXX.eyJXX.XX', 'bad token ***'],
  ['no orders in eu, 3 tried', 'no orders in eu, 3 tried'],
])('asked for, the message without credentials: %j', async (message, shown) => {
  const [seen] = await lastErrors([new Error(message)], { show_error_messages: true });
  expect(seen).toBe(`Error: ${shown}`);
  expect(seen).not.toMatch(/X/);
});

test('a long message is cut', async () => {
  expect(await lastErrors([new Error('a'.repeat(100_000))], { show_error_messages: true })).toEqual([`Error: ${'a'.repeat(500)}...`]);
});
