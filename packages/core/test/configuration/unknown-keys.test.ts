/** Namespaces in which a misspelled key stops the start. */
import { type ConfigurationValue, refuseUnknownKeys } from '@tsukimi/core';
import { Type } from 'typebox';
import { expect, test } from 'vitest';

const schema = Type.Object({
  host: Type.String({ default: 'localhost' }),
  tags: Type.Record(Type.String(), Type.String()),
  door: Type.Optional(Type.Object({ colour: Type.String() })),
});

function checked(store: ConfigurationValue | undefined): void {
  const configuration = { get: (key: string) => (key === 'store' ? store : undefined), placeOf: () => 'application.yml:3' };
  refuseUnknownKeys(configuration, { name: 'store', schema });
}

test.each([undefined, null, 'text', {}, { host: 'x' }, { host: 'x', tags: { any: 'key' } }, { door: { colour: 'red' } }, { door: 'open' }])(
  '%j has no unknown key',
  (store) => {
    expect(() => checked(store)).not.toThrow();
  },
);

test.each([
  [
    { hots: 'secret' },
    'store.hots: a text of 6 characters is not a key of store (application.yml:3). Did you mean store.host? Allowed: host, tags, door.',
  ],
  [{ host: 'x', moons: 5 }, 'store.moons: 5 is not a key of store (application.yml:3). Allowed: host, tags, door.'],
  [
    { door: { color: true } },
    'store.door.color: true is not a key of store.door (application.yml:3). Did you mean store.door.colour? Allowed: colour.',
  ],
  [{ '': true }, 'store.: true is not a key of store (application.yml:3). Allowed: host, tags, door.'],
])('%j is refused', (store, message) => {
  expect(() => checked(store)).toThrow(expect.objectContaining({ code: 'TSK_ERR_CONFIGURATION_VALUE', message }));
});
