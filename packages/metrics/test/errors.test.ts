/** An error says what it is, and a hostile value can't break its message. */
import { MetricError } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { openRegistry, thrownBy, untyped } from './support/open-registry.js';

test('an error carries its code, its name and its cause', () => {
  const error = thrownBy(() => openRegistry().registry.counter({ name: '', help: '' }));
  expect(error).toBeInstanceOf(MetricError);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('MetricError');
  const cause = new Error('why');
  expect(new MetricError('TSK_ERR_METRIC_NAME', 'what', { cause }).cause).toBe(cause);
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test.each<[string, unknown]>([
  ['a text of 10 MB', ' '.repeat(10_000_000)],
  ['a text of many lines', 'a\n'.repeat(100)],
  ['a long function', Object.assign(() => 'x'.repeat(5), { toString: () => 'x'.repeat(10_000) })],
  [
    'a function that cannot be written',
    Object.assign(() => 1, {
      toString: () => {
        throw new Error('mine');
      },
    }),
  ],
  ['a revoked proxy', revokedProxy()],
  ['a huge bigint', 10n ** 5000n],
  ['a symbol', Symbol('x'.repeat(10_000))],
  ['an array', [1, 2, 3]],
])('%s in a message is short and on one line', (_, value) => {
  const { registry, errors } = openRegistry();
  const { message } = thrownBy(() => registry.counter({ name: untyped(value), help: 'Help.' }));
  registry.gauge({ name: 'g', help: 'G.', labelNames: ['a'] }).set({ a: '1' }, untyped(value));
  for (const text of [message, errors[0]?.message ?? '']) {
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(300);
    expect(text).not.toContain('\n');
  }
});
