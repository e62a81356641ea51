/** What the live page shows of the configuration. */
import type { ConfigurationValue } from '@tsukimi/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shownSettings, shownValue } from '../../src/console/settings.js';

describe('a value is left out', () => {
  test.each([
    'database.password',
    'database.PASSWORD',
    'database.dbPassword',
    'stripe.apiKey',
    'stripe.api_key',
    'jwt.secret',
    'auth.token',
    'sentry.dsn',
    'session.cookie',
    'server.tls.key',
    'smtp.user',
    'aws.accessKeyId',
    'oauth.clientSecret',
    'webhooks.url',
    'database.connection',
  ])('for the key %s', (key) => {
    expect(shownValue(key, 'moon')).toBeNull();
  });

  test.each([
    ['a URL with a password', 'postgres://moon:hunter2@db.example.com/moons'],
    ['a long random text', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a list with such a text', ['a', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0']],
    ['a mapping in a list with a telling key', [{ name: 'moon', password: 'x' }]],
  ] as readonly (readonly [string, ConfigurationValue])[])('for %s', (_, value) => {
    expect(shownValue('moon.place', value)).toBeNull();
  });
});

describe('a value is shown', () => {
  test.each([
    ['server.port', 8000, '8000'],
    ['metrics.path', '/metrics', '/metrics'],
    ['metrics.allowed_ips', ['127.0.0.1', '::1'], '["127.0.0.1","::1"]'],
    ['instrumentation.enabled', true, 'true'],
    // Whether there is a password says nothing of it.
    ['database.password_required', false, 'false'],
    ['app.title', '<b>moon</b>', '<b>moon</b>'],
  ] as readonly (readonly [string, ConfigurationValue, string])[])('of %s', (key, value, text) => {
    expect(shownValue(key, value)).toBe(text);
  });

  test('with 300 characters at most', () => {
    expect(shownValue('app.about', 'moon '.repeat(100))).toBe(`${'moon '.repeat(60)}...`);
  });
});

test('no value under a key that names a secret is ever shown, however deep it stands', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 }), (value, above) => {
      const key = [...above, 'password'].join('.');
      expect(shownValue(key, value)).toBeNull();
      const nested = above.reduceRight<ConfigurationValue>((inner, name) => ({ [name]: inner }), { password: value });
      expect(shownValue('list', [nested])).toBeNull();
    }),
  );
});

test('settings have a line for each value, with the place that it comes from', () => {
  const values: Readonly<Record<string, ConfigurationValue>> = { server: { port: 8000, tls: {} }, app: { name: 'moon', tags: ['a'] } };
  const configuration = {
    namespaces: ['app', 'server'],
    get: (name: string) => values[name],
    placeOf: (key: string) => (key === 'server.port' ? 'application.yml:6' : 'default'),
  };
  expect(shownSettings({ configuration } as unknown as Parameters<typeof shownSettings>[0])).toEqual([
    { key: 'app.name', value: 'moon', isDefault: true, source: 'default' },
    { key: 'app.tags', value: '["a"]', isDefault: true, source: 'default' },
    { key: 'server.port', value: '8000', isDefault: false, source: 'application.yml:6' },
    { key: 'server.tls', value: '{}', isDefault: true, source: 'default' },
  ]);
});
