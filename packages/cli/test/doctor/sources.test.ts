/** What the doctor sees in sources: what constructors take, and whether the application is measured. */
import { describe, expect, it } from 'vitest';
import { findingsWith, inShort } from './support.js';

const service = (...lines: readonly string[]) => ({
  'src/order-service.ts': `import { Inject, Service, Value } from 'tsukimi';\n${lines.join('\n')}\n`,
});

const taking = (first: string, parameter: string) =>
  service(first, '@Service()', `export class OrderService {`, `  constructor(${parameter}) {}`, '}');

describe('type-only-import', () => {
  it.each([
    ['import type', "import type { OrderRepository } from './order-repository.js';"],
    ['an inline type', "import { type OrderRepository } from './order-repository.js';"],
  ])('finds %s of a class that is injected', async (_, line) => {
    const [finding, ...others] = await findingsWith(taking(line, 'private readonly orders: OrderRepository'));
    expect(others).toEqual([]);
    expect(finding).toEqual({
      level: 'error',
      code: 'type-only-import',
      file: 'src/order-service.ts',
      line: 2,
      what: 'OrderRepository is imported as a type, but the constructor of OrderService injects it (parameter orders): at run time, the class is missing.',
      fix: 'Import it without "type", and disable the lint rule that adds it (Biome: useImportType, typescript-eslint: consistent-type-imports).',
    });
  });

  it('finds it for a class of another package, under another name, and through a namespace of decorators', async () => {
    const text = `import * as moon from 'tsukimi';
import { Service as Part } from '@tsukimi/core';
import type { Pool as Database } from 'pg';

@Part()
export class A {
  constructor(database: Database) {}
}

export function inside() {
  @moon.Service()
  class B {
    constructor(
      readonly name = 'b',
      readonly database: Database,
    ) {}
  }
  return B;
}
`;
    expect(inShort(await findingsWith({ 'src/database.ts': text }))).toEqual([
      'error type-only-import src/database.ts:3',
      'error type-only-import src/database.ts:3',
    ]);
  });

  it.each([
    ['with @Inject', taking("import type { OrderRepository } from './order-repository.js';", "@Inject('orders') orders: OrderRepository")],
    [
      'in a class that is no component',
      service(
        "import type { OrderRepository } from './order-repository.js';",
        'export class Plain { constructor(orders: OrderRepository) {} }',
      ),
    ],
    [
      'in a method',
      service(
        "import type { OrderRepository } from './order-repository.js';",
        '@Service() export class A { use(orders: OrderRepository) {} }',
      ),
    ],
    [
      'in a class that somebody else decorates',
      service(
        "import { Entity } from 'elsewhere';",
        "import type { OrderRepository } from './order-repository.js';",
        '@Entity() class A { constructor(orders: OrderRepository) {} }',
      ),
    ],
  ])('says nothing of it %s', async (_, changes) => {
    expect(
      await findingsWith({ 'application.yml': 'shop: { url: http://127.0.0.1 }\nmetrics: { allowed_ips: [127.0.0.1] }\n', ...changes }),
    ).toEqual([]);
  });
});

describe('injected-type', () => {
  it.each([
    ['an interface of the same file', 'interface Clock {}', 'clock: Clock', 'is an interface (Clock)', 5],
    ['a type alias', 'type Clock = () => number;', 'clock: Clock', 'is a type alias (Clock)', 5],
    ['an enum', 'enum Clock { a }', 'clock: Clock', 'is an enum (Clock)', 5],
    ['a primitive', '', 'private readonly url: string', 'has the type string', 5],
    [
      'a union',
      "import { OrderRepository } from './order-repository.js';",
      'orders: OrderRepository | undefined',
      'has the type OrderRepository | undefined',
      5,
    ],
    ['no type at all', '', 'orders', 'has no type', 5],
  ])('finds %s', async (_, first, parameter, received, line) => {
    const [finding, ...others] = await findingsWith(taking(first, parameter));
    const name = /(\w+)(:|$)/.exec(parameter)?.[1];
    expect(others).toEqual([]);
    expect(finding).toEqual({
      level: 'error',
      code: 'injected-type',
      file: 'src/order-service.ts',
      line,
      what: `The parameter ${name} of the constructor of OrderService ${received}: the container does not know what to inject.`,
      fix: 'Use a class as its type, or put @Inject(token) in front of it, or @Value(...) for a value from the configuration.',
    });
  });

  it('finds an interface through imports as a type, renaming and re-exports, and not twice', async () => {
    const findings = await findingsWith({
      ...taking("import type { Time } from './clocks/index.js';", 'clock: Time'),
      'src/clocks/index.ts': "export * from './empty.js';\nexport { Clock as Time } from './clock.js';\n",
      'src/clocks/empty.ts': "export * from './index.js';\n",
      'src/clocks/clock.ts': 'export interface Clock { now(): number }\n',
    });
    expect(inShort(findings)).toEqual(['error injected-type src/order-service.ts:5']);
    expect(findings[0]?.what).toContain('is an interface (Time)');
  });

  it.each([
    ['@Inject on an interface', taking('interface Clock {}', "@Inject('clock') clock: Clock")],
    ['@Value on a primitive', taking('', "@Value('${shop.url}') url: string")],
    ['a default', taking('', 'limit = 5')],
    [
      'a class of the same file, declared later',
      service('@Service() export class A { constructor(b: B) {} }', '@Service() export class B {}'),
    ],
    ['a class of a package', taking("import { Pool } from 'pg';", 'pool: Pool')],
  ])('is content with %s', async (_, changes) => {
    expect(
      await findingsWith({ 'application.yml': 'shop: { url: http://127.0.0.1 }\nmetrics: { allowed_ips: [127.0.0.1] }\n', ...changes }),
    ).toEqual([]);
  });
});

describe('not-instrumented', () => {
  const application = (decorators: string, more = '') => ({
    'src/application.ts': `import { Application, Instrumented, Service } from 'tsukimi';\n${more}\n${decorators}\nexport class Shop {}\n`,
  });

  it('warns of an application that measures nothing', async () => {
    const findings = await findingsWith(application('@Application()'));
    expect(inShort(findings)).toEqual(['warning not-instrumented src/application.ts:4']);
    expect(findings[0]?.what).toBe(
      'Shop has @Application() but not @Instrumented(): no request, method or task is measured, and there is no /metrics unless the application has its own metrics.',
    );
  });

  it.each([
    ['where both are there, in the other order', application('@Application()\n@Instrumented()')],
    ['where it says that it is meant', application('@Instrumented({ enabled: false })\n@Application()')],
    ['where single components are opted in', application('@Application()', '@Instrumented() @Service() export class A {}')],
  ])('says nothing %s', async (_, changes) => {
    expect(
      await findingsWith({ 'application.yml': 'shop: { url: http://127.0.0.1 }\nmetrics: { allowed_ips: [127.0.0.1] }\n', ...changes }),
    ).toEqual([]);
  });
});

it('leaves what is installed, built, declared or a project of its own alone, and what does not parse to the compiler', async () => {
  const fault = "import { Service } from 'tsukimi';\n@Service() export class A { constructor(url: string) {} }\n";
  const findings = await findingsWith({
    'node_modules/x/a.ts': fault,
    'dist/a.ts': fault,
    '.cache/a.ts': fault,
    'src/a.d.ts': fault,
    'packages/other/package.json': '{}',
    'packages/other/src/a.ts': fault,
    'src/broken.ts': `${fault} class {`,
  });
  expect(findings.filter(({ file }) => file !== 'src/broken.ts')).toEqual([]);
});
