/** The codes in the errors.ts files are those of the Instrumentation section in docs/reference/errors.md, and every row says how to fix it. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { describeError } from './support/start.js';

test.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['text', 'a string'],
  [() => 1, 'a function'],
])('instrument(%s) is refused by name', (target, received) => {
  try {
    instrument(target as object, { registry: new MetricsRegistry() });
    expect.unreachable();
  } catch (error) {
    expect(describeError(error)).toBe(
      `TSK_ERR_INSTRUMENT_TARGET: instrument() was given ${received}. Pass the object whose methods to measure, such as new OrderService().`,
    );
  }
});
