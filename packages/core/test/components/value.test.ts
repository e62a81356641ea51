import { type ApplicationOptions, Configuration, Provider, Service, Value } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, start, startFailure } from '../start.js';

/** What a parameter with this expression and this emitted type gets; undefined for a build tool that emits none. */
async function valueFor(expression: string, type: unknown, options: ApplicationOptions = {}): Promise<unknown> {
  return (await start(applicationOf([holder(expression, type)]), options)).resolve<{ value: unknown }>('holder').value;
}

async function failureOf(expression: string, type: unknown, options: ApplicationOptions = {}): Promise<string> {
  return await startFailure(applicationOf([holder(expression, type)]), options);
}

function holder(expression: string, type: unknown) {
  class Holder {
    hold(value: unknown): { value: unknown } {
      return { value };
    }
  }
  if (type !== undefined) Reflect.defineMetadata('design:paramtypes', [type], Holder.prototype, 'hold');
  Value(expression)(Holder.prototype, 'hold', 0);
  Provider({ token: 'holder' })(Holder.prototype, 'hold');
  Configuration()(Holder);
  return Holder;
}

const mail = { mail: { host: 'smtp.example.org', port: 25, secure: true, to: ['a', 'b'], ratio: '0.5', none: null } };

test.each([
  ['${mail.port}', Number, 25],
  ['${mail.ratio}', Number, 0.5],
  ['${mail.port}', String, '25'],
  ['${mail.host}', String, 'smtp.example.org'],
  ['${mail.secure}', Boolean, true],
  ['${mail.secure}', String, 'true'],
  ['${mail.to}', Array, ['a', 'b']],
  ['${mail.to}', undefined, ['a', 'b']],
  ['${mail.port}', undefined, 25],
  ['${mail.ratio}', undefined, '0.5'],
  ['${mail.none}', undefined, null],
  ['${mail.port:8}', Number, 25],
  ['${mail.missing:8}', Number, 8],
  ['${mail.missing:8}', String, '8'],
  ['${mail.missing:8}', undefined, 8],
  ['${mail.missing:true}', Object, true],
  ['${mail.missing:a, b}', Array, ['a', 'b']],
  ['${mail.missing:}', Array, []],
  ['${mail.missing:}', String, ''],
  ['${mail.missing:}', undefined, ''],
  ['${mail.missing:http://localhost:80/x}', String, 'http://localhost:80/x'],
  ['smtp://${mail.host}:${mail.port}/', String, 'smtp://smtp.example.org:25/'],
  ['${mail.missing:${mail.host}}', String, 'smtp.example.org'],
  ['${mail.missing:${mail.gone:none}}', String, 'none'],
  ['${server.port}', Number, 8000],
])('%s as %o is %o', async (expression, type, expected) => {
  expect(await valueFor(expression, type, { configuration: mail })).toEqual(expected);
});

test('the environment wins, and its text is converted', async () => {
  const options = { configuration: mail, environment: { TSUKIMI_MAIL_PORT: '587', TSUKIMI_MAIL_TO: 'c,d', TSUKIMI_MAIL_SECURE: 'FALSE' } };
  expect(await valueFor('${mail.port}', Number, options)).toBe(587);
  expect(await valueFor('${mail.port}', undefined, options)).toBe(587);
  expect(await valueFor('${mail.to}', Array, options)).toEqual(['c', 'd']);
  expect(await valueFor('${mail.secure}', Boolean, options)).toBe(false);
  expect(await valueFor('${mail}', undefined, options)).toEqual({ ...mail.mail, port: '587', to: 'c,d', secure: 'FALSE' });
});

test('a missing key names class, parameter and key', async () => {
  @Service()
  class Mailer {
    constructor(@Value('${mail.host}') readonly host: string) {}
  }
  expect(await startFailure(applicationOf([Mailer]))).toBe(
    "TSK_ERR_COMPONENT_VALUE_MISSING: Mailer: constructor parameter 1 (host) asks for the configuration key mail.host, which no source has. Set it in application.yml or as TSUKIMI_MAIL_HOST, or write a default: '${mail.host:...}'.",
  );
});

test('a missing key fails the start for components of every scope', async () => {
  @Service({ scope: 'request' })
  class Mailer {
    constructor(@Value('${mail.host}') readonly host: string) {}
  }
  expect(await startFailure(applicationOf([Mailer]))).toContain('TSK_ERR_COMPONENT_VALUE_MISSING: Mailer: constructor parameter 1 (host)');
});

test.each([
  ['${mail.host}', Number, 'declared as number, but mail.host is a text of 16 characters (configuration option)'],
  ['${mail.port}', Boolean, 'declared as boolean, but mail.port is a number (configuration option)'],
  ['${mail.to}', String, 'declared as string, but mail.to is a list of 2 entries (configuration option)'],
  ['${mail.port}', Array, 'declared as array, but mail.port is a number (configuration option)'],
  ['${mail.none}', Number, 'declared as number, but mail.none is null (configuration option)'],
  ['${x:0x10}', Number, 'declared as number, but x is a text of 4 characters (default)'],
  ['${x:}', Number, 'declared as number, but x is "" (default)'],
  ['${x:Infinity}', Number, 'declared as number, but x is a text of 8 characters (default)'],
])('%s as %o is refused', async (expression, type, expected) => {
  const failure = await failureOf(expression, type, { configuration: mail });
  expect(failure).toBe(
    `TSK_ERR_COMPONENT_VALUE_CONVERSION: Holder.hold(): parameter 1 (value) is ${expected}. Change the value, or the parameter's type.`,
  );
});

test.each([
  ['${x:1.10}', undefined, 'x', 'default'],
  ['${x:0049}', Object, 'x', 'default'],
  ['${sha}', undefined, 'sha', 'environment TSUKIMI_SHA'],
])('%s as %o: nothing tells whether a text is meant', async (expression, type, key, source) => {
  expect(await failureOf(expression, type, { environment: { TSUKIMI_SHA: '1234e5' } })).toContain(
    `TSK_ERR_COMPONENT_VALUE_AMBIGUOUS: Holder.hold(): parameter 1 (value) gets ${key}, which is written as a number whose text would be lost (${source})`,
  );
});

test('a secret is not printed', async () => {
  const options = { environment: { TSUKIMI_API_TOKEN: 'hunter2' } };
  expect(await failureOf('${api.token}', Number, options)).toContain('but api.token is *** (environment TSUKIMI_API_TOKEN)');
  expect(await failureOf('${api.url:redis://joe:hunter2@host}', Number)).toContain('but api.url is a text of 24 characters (default)');
});

test('a type that no value has is refused', async () => {
  @Service()
  class Mailer {
    constructor(@Value('${mail.url:http://x}') readonly url: URL) {}
  }
  expect(await startFailure(applicationOf([Mailer]))).toBe(
    'TSK_ERR_COMPONENT_VALUE_TYPE: Mailer: constructor parameter 1 (url) has @Value and is declared as URL. Declare it as number, string, boolean or an array.',
  );
});

test.each(['server.port', '', '${}', '${:8}', '${a', 'x ${a:b', '${a:${b}', '${a{b}'])(
  'the expression %o is refused where it stands',
  (expression) => {
    expect(() => Value(expression)).toThrow(
      `@Value() was given ${expression === '' ? '""' : `a text of ${expression.length} characters`} without a complete placeholder. Write '\${key}' or '\${key:default}', for example '\${server.port:8000}'.`,
    );
  },
);
