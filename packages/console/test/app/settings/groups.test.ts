/** Settings, grouped and filtered. */
import { expect, test } from 'vitest';
import { groupsOf } from '../../../app/settings/groups.js';

const SETTINGS = [
  { key: 'server.port', value: '8000', isSecret: false, isDefault: false, source: 'application.yml:6' },
  { key: 'mail.password', value: null, isSecret: true, isDefault: false, source: 'environment MAIL_PASSWORD' },
  { key: 'server.host', value: '127.0.0.1', isSecret: false, isDefault: true, source: 'default' },
];

function keys(filter: string, onlySet = false): string[][] {
  return groupsOf(SETTINGS, { filter, onlySet }).map(({ name, settings }) => [name, ...settings.map(({ key }) => key)]);
}

test('they are grouped by the first part of their key', () => {
  expect(keys('')).toEqual([
    ['mail', 'mail.password'],
    ['server', 'server.host', 'server.port'],
  ]);
});

test('they are filtered by key, value and source', () => {
  expect(keys('port')).toEqual([['server', 'server.port']]);
  expect(keys('127.0')).toEqual([['server', 'server.host']]);
  expect(keys('application.yml')).toEqual([['server', 'server.port']]);
  expect(keys('null')).toEqual([]);
});

test('defaults can be left out', () => {
  expect(keys('', true)).toEqual([
    ['mail', 'mail.password'],
    ['server', 'server.port'],
  ]);
});
