/** What a start would end with, or get wrong, found before: in small projects. */
import { expect, it } from 'vitest';
import { projectFolder } from '../support/project-folder.js';
import { findingsIn, findingsWith, inShort } from './support.js';

const MAIN = "import { runApplication } from 'tsukimi';\nimport { Shop } from './application.js';\n\nawait runApplication(Shop);\n";
const service = (parameters: string, imports = '') =>
  `import { Inject, Service, Value } from 'tsukimi';\n${imports}\n@Service()\nexport class OrderService {\n  constructor(${parameters}) {}\n}\n`;

it.each<[string, Readonly<Record<string, string | null>>, readonly string[]]>([
  ['no application.yml', { 'application.yml': null, 'src/main.ts': MAIN }, ['error configuration application.yml']],
  ['no application.yml, which nothing starts with', { 'application.yml': null }, []],
  [
    'no application.yml, and a configuration in code',
    { 'application.yml': null, 'src/main.ts': MAIN.replace('(Shop)', '(Shop, { configuration: { server: { port: 0 } } })') },
    [],
  ],
  [
    'no application.yml, which the code names',
    {
      'application.yml': null,
      'src/main.ts': MAIN.replace('(Shop)', "(Shop, { configuration: new URL('../application.yml', import.meta.url) })"),
    },
    ['error configuration application.yml'],
  ],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: @Value's own placeholders.
  [
    'a @Value key that is nowhere',
    { 'src/order-service.ts': service("@Value('${shop.currency}') currency: string") },
    ['error value-key src/order-service.ts:5'],
  ],
  ['a @Value key with a default', { 'src/order-service.ts': service("@Value('${shop.currency:EUR}') currency: string") }, []],
  ['a @Value key in a default', { 'src/order-service.ts': service("@Value('${shop.a:${shop.b}}') currency: string") }, []],
  [
    'the second of two keys',
    { 'src/order-service.ts': service("@Value('${server.port}/${shop.b}') url: string") },
    ['error value-key src/order-service.ts:5'],
  ],
  [
    'a @Value key that a profile has',
    { 'src/order-service.ts': service("@Value('${shop.currency}') currency: string"), 'application-eu.yml': 'shop: { currency: EUR }\n' },
    [],
  ],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: @Value's own placeholders.
  [
    'an injected class without a decorator',
    { 'src/order-service.ts': service('clock: Clock', "import { Clock } from './clock.js';"), 'src/clock.ts': 'export class Clock {}\n' },
    ['error undecorated-class src/order-service.ts:5'],
  ],
  [
    'one that a @Provider makes',
    {
      'src/order-service.ts': service('clock: Clock', "import { Clock } from './clock.js';"),
      'src/clock.ts':
        "import { Configuration, Provider } from 'tsukimi';\nexport class Clock {}\n@Configuration()\nexport class Clocks {\n  @Provider() clock(): Clock {\n    return new Clock();\n  }\n}\n",
    },
    [],
  ],
  ['one of another package', { 'src/order-service.ts': service('clock: Clock', "import { Clock } from 'clocks';") }, []],
  [
    'parameters of a route whose type the compiler does not tell',
    {
      'src/order-controller.ts': `import { Controller, Get, Header, Param, Query } from 'tsukimi';
@Controller('/orders')
export class OrderController {
  @Get('/:id')
  find(
    @Param('id') id: number | undefined,
    @Query('limit') limit = 5,
    @Query('all') all: null | boolean,
    @Header('x-depth') depth = -1,
    @Query('sort') sort = 'newest',
    @Query('text') text: string | undefined,
    @Query('page') page?: number,
    @Query('size') size: number = 10,
    @Query('order') order: 'up' | 'down',
    @Query('any', { schema: {} }) any: unknown,
  ) {}
}
`,
    },
    [6, 7, 8, 9, 10, 11].map((line) => `error request-parameter src/order-controller.ts:${line}`),
  ],
  [
    'components that inject each other',
    {
      'src/order-service.ts': service('users: UserService', "import { UserService } from './user-service.js';"),
      'src/user-service.ts':
        "import { Service } from 'tsukimi';\nimport { OrderService } from './order-service.js';\n@Service()\nexport class UserService {\n  constructor(orders: OrderService) {}\n}\n",
    },
    ['error circular-imports src/order-service.ts:5', 'error circular-imports src/user-service.ts:5'],
  ],
  [
    'a circle through a third file',
    {
      'src/order-service.ts': service(
        'users: UserService',
        "import { UserService } from './user-service.js';\nexport const VAT = 0.19;",
      ).replace('\n@Service', '@Service'),
      'src/user-service.ts':
        "import { Service } from 'tsukimi';\nimport { total } from './total.js';\n@Service()\nexport class UserService {\n  total = total;\n}\n",
      'src/total.ts': "import { VAT } from './order-service.js';\nexport const total = (net: number) => net * (1 + VAT);\n",
    },
    ['warning circular-imports src/order-service.ts:5'],
  ],
  [
    'a circle of types only',
    {
      'src/order-service.ts': service(
        'users: UserService',
        "import { UserService } from './user-service.js';\nexport interface Order {}",
      ).replace('\n@Service', '@Service'),
      'src/user-service.ts':
        "import { Service } from 'tsukimi';\nimport { Order } from './order-service.js';\n@Service()\nexport class UserService {\n  last?: Order;\n}\n",
    },
    [],
  ],
])('%s', async (_what, changes, findings) => {
  expect(inShort(await findingsWith(changes))).toEqual(findings);
});

it('says the circle, and what the class lacks', async () => {
  const found = await findingsWith({
    'src/order-service.ts': service(
      'users: UserService, clock: Clock',
      "import { UserService } from './user-service.js';\nimport { Clock } from './clock.js';",
    ).replace('\n@Service', '@Service'),
    'src/clock.ts': '\nexport class Clock {}\n',
    'src/user-service.ts':
      "import { Service } from 'tsukimi';\nimport { OrderService } from './order-service.js';\n@Service()\nexport class UserService {\n  constructor(orders: OrderService) {}\n}\n",
  });
  const whatOf = (code: string) => found.find((each) => each.code === code)?.what;
  expect(whatOf('circular-imports')).toBe(
    'OrderService takes UserService, and the files import each other in a cycle: src/order-service.ts -> src/user-service.ts -> src/order-service.ts. The application fails to start with a ReferenceError.',
  );
  expect(whatOf('undecorated-class')).toBe(
    'The parameter clock of the constructor of OrderService is a Clock, which is not a component (src/clock.ts:2): the container cannot create it.',
  );
});

it.each([
  ['^8.0.0', []],
  ['8.3.8', []],
  ['^7.1.0', ['error tools-without-metadata package.json:5']],
])('vitest with vite %s, which takes the flags from tsconfig.json since 8', async (version, findings) => {
  const folder = await projectFolder({
    'package.json': `{
  "name": "shop",
  "type": "module",
  "scripts": {
    "test": "tsc && vitest run"
  },
  "dependencies": { "tsukimi": "*" },
  "devDependencies": { "vitest": "4.1.12", "vite": "${version}" }
}
`,
  });
  expect(inShort(await findingsIn(folder))).toEqual(findings);
});
