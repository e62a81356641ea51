/** Units. */
import { expect, test } from 'vitest';
import { ucumOf } from '../../../src/metrics/encode/units.js';

test.each([
  [undefined, ''],
  ['seconds', 's'],
  ['milliseconds', 'ms'],
  ['bytes', 'By'],
  ['ratio', '1'],
  ['celsius', 'Cel'],
  ['bytes_per_second', 'By/s'],
  ['meters_per_second', 'm/s'],
  ['orders', 'orders'],
  ['constructor', 'constructor'],
])('%s', (unit, code) => {
  expect(ucumOf(unit)).toBe(code);
});
