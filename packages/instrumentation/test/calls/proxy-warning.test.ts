/** Methods that return a Proxy are named once, as what they return can't be watched. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { afterEach, expect, test, vi } from 'vitest';
import { callsIn } from './support/calls-in.js';

/** As Prisma makes its queries. */
function query(log: string[]): Promise<string> {
  return new Proxy(Promise.resolve('row'), {
    get: (target, key) => {
      log.push(String(key));
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

class Users {
  constructor(readonly log: string[]) {}
  find = (): Promise<string> => query(this.log);
  first(): Promise<string> {
    return query(this.log);
  }
  async last(): Promise<string> {
    return await query(this.log);
  }
  self(): unknown {
    return this;
  }
}

afterEach(() => vi.restoreAllMocks());

test('once for each method, with what to do, and without a look at the Proxy', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const registry = new MetricsRegistry();
  for (let n = 0; n < 2; n += 1) {
    const log: string[] = [];
    const users = instrument(new Users(log), { registry });
    for (let call = 0; call < 3; call += 1) {
      users.find();
      users.first();
      (new Proxy(users, {}) as Users).self();
    }
    expect(log).toEqual([]);
    expect([await users.find(), await users.first(), await users.last()]).toEqual(['row', 'row', 'row']);
  }
  expect((await callsIn(registry))['first']).toMatchObject({ success: 8, failure: 0 });
  expect(warned.mock.calls).toEqual(
    ['find', 'first'].map((method) => [
      `Users.${method}() returned a Proxy, which would notice being watched. If it is a promise or a query, its calls are counted as successes that end when the method returns. To time them to their end, return the promise behind the Proxy, or make the method async so that it awaits the result. To measure nothing of the method, exclude it.`,
      { type: 'InstrumentationWarning', code: 'TSK_ERR_CALL_PROXY' },
    ]),
  );
});
