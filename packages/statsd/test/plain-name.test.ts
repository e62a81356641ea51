/** Names of metrics and label values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dottedName, givenName, namePart } from '../src/plain-name.js';

test.each([
  ['http_requests_total', 'counter', 'http.requests'],
  ['http_request_duration_seconds', 'histogram', 'http.request.duration.seconds'],
  ['queue_total', 'gauge', 'queue.total'],
  ['total', 'counter', 'total'],
  ['a__b', 'gauge', 'a.b--22c370cc'],
  ['_a', 'gauge', 'a--960fccae'],
  ['job:rate', 'gauge', 'job.rate--2e895d31'],
])('the metric %s, a %s, is %s', (name, type, dotted) => {
  expect(dottedName(name, type)).toBe(dotted);
});

test.each([
  ['method', 'GET', 'GET'],
  ['status', '200', '200'],
  ['status', '2xx', '2xx'],
  ['component', 'UserService', 'UserService'],
  ['method', 'find_user', 'find_user'],
  ['zone', 'eu-west-1', 'eu-west-1'],
  ['reason', '__other__', '__other__'],
  ['statement', '<unnamed>', '-unnamed-'],
  ['statement', '', '-'],
  ['path', '/', '_'],
  ['path', '/api/users', 'api_users'],
  ['route', '/users/:userId/orders', 'users_-userId_orders'],
  ['path', '<unmatched>', '-unmatched-'],
])('the %s %s is %s', (label, value, part) => {
  expect(namePart(label, value)).toBe(part);
});

test.each([
  ['path', '/api_users', 'api_users'],
  ['path', 'api/users', 'api_users'],
  ['path', '/files/*', 'files'],
  ['path', '/users/', 'users'],
  ['file', '/etc/hosts', 'etc_hosts'],
  ['host', 'a.example', 'a_example'],
  ['text', 'a:1|c#x@y', 'a_1_c_x_y'],
  ['text', 'two words\n', 'two_words'],
  ['text', '月見', ''],
  ['text', 'x--0123abcd', 'x--0123abcd'],
  ['text', 'x'.repeat(61), 'x'.repeat(61)],
  ['text', `${'y'.repeat(61)}.`, 'y'.repeat(60)],
])('the %s %j is %s with a hash', (label, value, left) => {
  const part = namePart(label, value);
  if (value.length === 61) expect(part).toBe(left);
  else expect(part).toMatch(new RegExp(`^${left}--[\\da-f]{8}$`));
});

/** Values that are close to each other. */
const near = fc.string({
  unit: fc.constantFrom('a', 'B', '1', '/', '_', '-', ':', '.', '|', '@', '#', ' ', '\n', '<', '>', 'é', '月', '\ud800'),
  maxLength: 6,
});
const anything = fc.oneof(
  near,
  near.map((text) => `/${text}`),
  fc.string({ unit: 'binary' }),
  near.chain((text) => fc.constant(`${text}--0123abcd`)),
);
const label = fc.constantFrom('path', 'route', 'method', 'x');

describe('of any two values', () => {
  test('the parts differ, and no part ends or splits a name', () => {
    fc.assert(
      fc.property(label, anything, anything, (name, one, other) => {
        expect(namePart(name, one)).toMatch(/^[A-Za-z\d_-]+$/);
        expect(namePart(name, one) === namePart(name, other)).toBe(one === other);
      }),
      { numRuns: 20_000 },
    );
  });

  test('all short ones have parts of their own', () => {
    const characters = ['a', '_', '-', '/', ':', '.', '<', '>', ' '];
    const all = [''];
    for (let begin = 0, length = 1; length <= 4; length += 1) {
      const end = all.length;
      for (; begin < end; begin += 1) for (const character of characters) all.push(`${all[begin]}${character}`);
    }
    for (const name of ['path', 'x']) expect(new Set(all.map((value) => namePart(name, value))).size).toBe(all.length);
  });

  test('names that a user gives stay apart, too', () => {
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        expect(givenName(one)).toMatch(/^[A-Za-z\d_.-]+$/);
        expect(givenName(one) === givenName(other)).toBe(one === other);
      }),
    );
  });
});
