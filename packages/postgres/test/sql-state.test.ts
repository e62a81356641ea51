/** Failures are told apart by few, known label values. */
import { expect, test } from 'vitest';
import { sqlStateClass } from '../src/sql-state.js';

const serverError = (code: unknown) => Object.assign(new Error('from the server'), { severity: 'ERROR', code });

test.each([
  ['23505', '23'],
  ['40P01', '40'],
  ['57014', '57'],
  ['P0001', 'P0'],
  ['XX000', 'XX'],
  ['0A000', '0A'],
  ['MOON1', '__other__'],
  ['2350', 'none'],
  [23_505, 'none'],
])('SQLSTATE %j is %s', (code, label) => {
  expect(sqlStateClass(serverError(code), false)).toBe(label);
});

test.each([
  [Object.assign(new Error('broken pipe'), { code: 'EPIPE', syscall: 'write' }), false, 'connection'],
  [Object.assign(new Error('broken pipe'), { code: 'EPIPE' }), false, 'none'],
  [new Error('Connection terminated unexpectedly'), true, 'connection'],
  [new TypeError('values'), false, 'none'],
  [undefined, false, 'none'],
  ['text', false, 'none'],
])('%o is %s: %s', (error, isLost, label) => {
  expect(sqlStateClass(error, isLost)).toBe(label);
});

test('an error that can not be read has none', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(sqlStateClass(proxy, false)).toBe('none');
});
