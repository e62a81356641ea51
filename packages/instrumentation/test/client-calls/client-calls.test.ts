/** Observers of calls to other systems: each sees every call, and none can harm one. */
import { type ClientCall, clientCallsOf, observeClientCalls } from '@tsukimi/instrumentation';
import { type MetricError, MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';

const CALL: ClientCall = {
  kind: 'database',
  system: 'postgresql',
  pool: 'main',
  operation: 'SELECT',
  statement: '',
  text: 'SELECT 1',
  isTraced: false,
};
const END = { failure: undefined, error: undefined, statusCode: undefined };

test('says whether somebody observes', () => {
  const registry = new MetricsRegistry();
  const calls = clientCallsOf(registry);
  expect(calls.isObserved).toBe(false);
  expect(calls.began(CALL)).toBeUndefined();
  const observed = observeClientCalls(registry, { began: () => undefined });
  expect(calls.isObserved).toBe(true);
  expect(calls.began(CALL)).toBeUndefined();
  observed.stop();
  expect(calls.isObserved).toBe(false);
  expect(clientCallsOf(new MetricsRegistry()).isObserved).toBe(false);
});

test('each observer sees a call, and all headers are joined', () => {
  const registry = new MetricsRegistry();
  const seen: unknown[] = [];
  for (const name of ['one', 'other'])
    observeClientCalls(registry, {
      began: (call, start) => {
        seen.push([name, call, start]);
        return {
          headers: () => ({ [name]: '1' }),
          answered: (status) => void seen.push([name, status]),
          ended: (end) => void seen.push([name, end]),
        };
      },
    });
  const followed = clientCallsOf(registry).began(CALL, { elapsedSeconds: 2 });
  expect(followed?.headers?.()).toEqual({ one: '1', other: '1' });
  followed?.answered?.(200);
  followed?.ended(END);
  expect(seen).toEqual([
    ['one', CALL, { elapsedSeconds: 2 }],
    ['other', CALL, { elapsedSeconds: 2 }],
    ['one', 200],
    ['other', 200],
    ['one', END],
    ['other', END],
  ]);
});

test('what an observer throws is reported once, and others go on', () => {
  const errors: MetricError[] = [];
  const registry = new MetricsRegistry({ onError: (error) => errors.push(error) });
  const fail = (): never => {
    throw new TypeError('secret');
  };
  const ends: unknown[] = [];
  observeClientCalls(registry, { began: fail });
  observeClientCalls(registry, { began: () => ({ headers: fail, answered: fail, ended: fail }) });
  observeClientCalls(registry, { began: () => ({ ended: (end) => void ends.push(end) }) });
  for (let call = 0; call < 3; call += 1) {
    const followed = clientCallsOf(registry).began(CALL);
    expect(followed?.headers?.()).toEqual({});
    followed?.answered?.(200);
    followed?.ended(END);
  }
  expect(ends).toEqual([END, END, END]);
  expect(errors.map(({ code, message }) => [code, message.includes('TypeError'), message.includes('secret')])).toEqual([
    ['TSK_ERR_CLIENT_CALL_OBSERVER', true, false],
    ['TSK_ERR_CLIENT_CALL_OBSERVER', true, false],
  ]);
});
