/** What the start refuses and the sources show: scans that cannot end, unknown options, decorators and routes in the wrong place. */
import { describe, expect, it } from 'vitest';
import { START_OPTIONS } from '../../src/doctor/checks/start-options.js';
import { findingsWith, inShort } from './support.js';

const scanning = (options = "scan: new URL('.', import.meta.url)") => ({
  'src/application.ts': `import { Application, Instrumented } from 'tsukimi';\n\n@Instrumented()\n@Application({ ${options} })\nexport class Shop {}\n`,
});
const start = "import { runApplication } from 'tsukimi';\nimport { Shop } from './application.js';\nexport const CLOCK = 'clock';\n";
const AWAITING = `${start}await runApplication(Shop);\n`;
const NEEDING = "import { CLOCK } from './main.js';\nexport const clock = CLOCK;\n";

describe('scan', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an entry file that waits, and nothing that needs it', { 'src/main.ts': AWAITING }, []],
    ['a file that imports the waiting entry file', { 'src/main.ts': AWAITING, 'src/clock.ts': NEEDING }, ['error scan src/clock.ts:1']],
    [
      'files that do through others, by a re-export, for its effects alone and by an awaited import',
      {
        'src/main.ts': AWAITING,
        'src/clock.ts': NEEDING,
        'src/again.ts': "export * from './clock.js';\n",
        'src/effect.ts': "import './again.js';\n",
        'src/late.ts': "const late = await import('./effect.js');\nexport const { clock } = late;\n",
      },
      ['error scan src/again.ts', 'error scan src/clock.ts:1', 'error scan src/effect.ts', 'error scan src/late.ts'],
    ],
    [
      'a file that the entry file imports itself',
      { 'src/main.ts': `import './clock.js';\n${AWAITING}`, 'src/clock.ts': NEEDING },
      ['error scan src/clock.ts:1'],
    ],
    ['an entry file that does not wait', { 'src/main.ts': AWAITING.replace('await ', 'void '), 'src/clock.ts': NEEDING }, []],
    [
      'one that waits by a function of its own, in a try, with a variable',
      {
        'src/main.ts': `${start}async function main() {\n  const running = boot();\n  await running;\n}\nconst boot = () => runApplication(Shop);\nconst done = main();\ntry {\n  await done;\n} finally {\n  console.log('end');\n}\n`,
        'src/clock.ts': NEEDING,
      },
      ['error scan src/clock.ts:1'],
    ],
    [
      'one that waits in a function that it calls where it is written',
      {
        'src/main.ts': `import * as moon from 'tsukimi';\n${start}await (async () => {\n  await moon.createApplication(Shop);\n})();\n`,
        'src/clock.ts': NEEDING,
      },
      ['error scan src/clock.ts:1'],
    ],
    [
      'one that waits in a function that nothing calls',
      { 'src/main.ts': `${start}export const later = async () => await runApplication(Shop);\n`, 'src/clock.ts': NEEDING },
      [],
    ],
    [
      'a start in another file, which the entry file waits for',
      {
        'src/main.ts': "import { begin } from './begin.js';\nexport const CLOCK = 'clock';\nawait begin();\n",
        'src/begin.ts': `${start}export async function begin() {\n  await runApplication(Shop);\n}\n`,
        'src/clock.ts': NEEDING,
      },
      ['error scan src/clock.ts:1'],
    ],
    [
      'an entry file that loads the one that waits',
      { 'src/main.ts': "import './begin.js';\n", 'src/begin.ts': AWAITING, 'src/clock.ts': NEEDING.replace('main', 'begin') },
      ['error scan src/clock.ts:1'],
    ],
    ['only types of the entry file', { 'src/main.ts': AWAITING, 'src/clock.ts': NEEDING.replace('import {', 'import type {') }, []],
    ['a test of the entry file', { 'src/main.ts': AWAITING, 'src/clock.test.ts': NEEDING }, []],
    ['a file outside of the folder', { 'src/main.ts': AWAITING, 'tools/clock.ts': NEEDING.replace('./main', '../src/main') }, []],
    ['a second file that starts an application', { 'src/main.ts': AWAITING, 'src/worker.ts': AWAITING }, ['error scan src/worker.ts:4']],
  ])('%s', async (_, files, findings) => {
    expect(inShort(await findingsWith({ ...scanning(), ...files }))).toEqual(findings);
  });

  it('names the way, and a folder that does not exist', async () => {
    const files = { 'src/main.ts': AWAITING, 'src/clock.ts': NEEDING, 'src/more.ts': "export * from './clock.js';\n" };
    const found = await findingsWith({ ...scanning(), ...files });
    expect(found.map(({ what }) => what)).toContain(
      'src/more.ts is in the folder that Shop scans, and loads a file that waits for the start with a top-level await: src/more.ts -> src/clock.ts -> src/main.ts. Each waits for the other, and the application fails to start.',
    );
    const missing = await findingsWith({ ...scanning("scan: new URL('./parts/', import.meta.url)"), 'src/main.ts': AWAITING });
    expect(missing.map(({ what }) => what)).toEqual(['Shop scans src/parts, which does not exist: the application fails to start.']);
  });
});

describe('start-options', () => {
  it.each([
    ["{ scans: new URL('.', import.meta.url) } as never", 'Write scan, or remove it.'],
    ["({ 'port': 1 } as unknown as {})!", 'Remove it, or use one of name, components, scan, extensions.'],
    ["<any>{ name: 'shop', port: 1 }", 'Remove it, or use one of name, components, scan, extensions.'],
  ])('finds an unknown option of @Application(%s)', async (options, fix) => {
    const found = await findingsWith({
      'src/application.ts': `import { Application, Instrumented } from 'tsukimi';\n@Instrumented()\n@Application(${options})\nexport class Shop {}\n`,
    });
    expect(inShort(found)).toEqual(['error start-options src/application.ts:3']);
    expect(found[0]?.fix).toBe(fix);
  });

  it('finds those of a start, and takes those that exist', async () => {
    const files = (options: string) => ({ 'src/main.ts': AWAITING.replace('(Shop)', `(Shop, ${options})`) });
    expect(inShort(await findingsWith(files('{ prot: 1, replace: [] } as never')))).toEqual([
      'error start-options src/main.ts:4',
      'error start-options src/main.ts:4',
    ]);
    expect(await findingsWith(files("{ profile: 'test', logger: undefined, server: {} }"))).toEqual([]);
  });

  it('knows what the framework knows', async () => {
    const { Application, createApplication } = await import('@tsukimi/core');
    const refusal = async (declaration: object, options: object) => {
      class App {}
      Application(declaration)(App);
      return await createApplication(App, options).catch((error: Error) => error.message);
    };
    for (const [refused, known] of [
      [await refusal({ moon: 1 }, {}), START_OPTIONS['@Application']],
      [await refusal({}, { moon: 1 }), START_OPTIONS.createApplication],
    ] as const)
      for (const option of known) expect(refused).toContain(option);
  });
});

describe('decorator-use and route-use', () => {
  const file = (text: string) => ({
    'application.yml': 'shop: { url: http://127.0.0.1 }\nmetrics: { allowed_ips: [127.0.0.1] }\n',
    'src/parts.ts': `import * as moon from 'tsukimi';\nimport { Body, Configuration, Controller, Get, Header, HttpCode, Inject, OnStart, Param, Post, Profile, Provider, Query, Reply, Scheduled, Service, Value } from 'tsukimi';\n${text}\n`,
  });
  const inService = (member: string, options = '') => `@Service(${options}) class Part { ${member} }`;
  const inController = (member: string) => `@Controller('/parts') class Part { ${member} }`;

  it.each([
    ['@Service class Part {}', '@Service on Part is written without parentheses'],
    ['@moon.Service class Part {}', '@Service on Part is written without parentheses'],
    [inService('@OnStart begin() {}'), '@OnStart on Part is written without parentheses'],
    ['@Service() @Configuration() class Part {}', 'Part has @Service and @Configuration'],
    [inService('', "{ scope: 'session' }"), 'Part has the unknown scope session'],
    [inService('@OnStart() static begin() {}'), '@OnStart is on Part.begin, which is static'],
    [inService("@Inject('a') a!: string"), '@Inject is on the property Part.a'],
    [inService('@OnStart() begin = () => 1'), '@OnStart is on the property Part.begin'],
    [inService('@Provider() clock(): Date { return new Date(); }'), 'Part.clock has @Provider(), but the class is not a @Configuration()'],
    [inService("@Profile('prod') work() {}"), '@Profile is on Part.work, which is not a @Provider()'],
    [inService('@OnStart() begin() {}', "{ scope: 'request' }"), 'Part.begin has @OnStart(), but the component is not a singleton'],
    [
      inService('@Scheduled({ fixedRate: 1 }) run() {}', "{ scope: 'request' }"),
      'Part.run is scheduled, but the component lives for one request',
    ],
    [inService('@Scheduled({ fixedRate: 1 }) run(a: number) {}'), 'Part.run is scheduled and has parameters'],
    [inService("@Scheduled({ fixedRate: 1, cron: '* * * * *' }) run() {}"), '@Scheduled of Part has fixedRate and cron'],
    [inService("@Scheduled({ name: 'a' }) run() {}"), '@Scheduled of Part has no trigger'],
    [
      `@Service({ scope: 'request' }) class Visit {} ${inService('constructor(visit: Visit) {}')}`,
      'Part lives as long as the application and takes Visit, which lives for one request',
    ],
    [inService("@Get('/') all() {}"), 'Part.all has a route, but the class is not a @Controller()'],
    [inController('@Get() @HttpCode(99) all() {}'), '@HttpCode of Part.all is 99'],
    [inController('@Get() all(limit: number) {}'), 'The parameter limit of Part.all has no decorator, so it would get no value'],
    [inController("@Get() all(@Query('a') @Header('a') a: string) {}"), 'The parameter a of Part.all has @Query and @Header'],
    [inController('@Get() all(@Body() body: object) {}'), 'The parameter body of Part.all is a @Body, which a GET route never reads'],
    [
      inController("@Get('/:id') one(@Param('di') id: string) {}"),
      "The parameter id of Part.one is @Param('di'), but the path /parts/:id has no :di",
    ],
    [
      `${inController("@Get('/:id') one() {}")} @Controller('parts') class Other { @moon.GetMapping(':name') two() {} }`,
      'Other.two serves GET /parts/:name, as Part.one does',
    ],
  ])('finds %s', async (text, what) => {
    const found = await findingsWith(file(text));
    expect(found.map((each) => each.what)).toEqual([`${what}: the application fails to start.`]);
  });

  it('says of the text of a @Value what the start says', async () => {
    const found = await findingsWith(file(inService("constructor(@Value('${shop.url') url: string) {}")));
    expect(inShort(found)).toEqual(['error decorator-use src/parts.ts:3']);
    expect(found[0]?.what).toContain('without a complete placeholder');
  });

  it.each([
    inService('@OnStart() begin() {} @Scheduled({ fixedRate: 1 }) run() {}'),
    inService('', "{ name: 'part' }"),
    `const options = {}; ${inService('@OnStart() begin() {}', 'options')}`,
    "@Configuration() class Part { @Provider() @Profile('prod') clock(): Date { return new Date(); } @Provider() @Profile('!prod') other(): Map<string, string> { return new Map(); } }",
    "@Controller('/parts') class Part { @Get('/:id') one(@Param('id') id: string) {} @Post('/:id') two(@Body() body: object) {} @Get('/files/*') file(@Param('*') path: string) {} }",
    `${inController("@Get('/:id') one() {}")} @Profile('test') @Controller('/parts') class Fake { @Get('/:id') one() {} }`,
    "import { Injectable } from 'elsewhere'; @Injectable class Part { static work() {} }",
    "const prefix = '/a'; @Controller(prefix) class Part { @Get('/:id') one(@Param('other') id: string) {} }",
    '@Controller() class Part { @Get() all(@Reply() reply: unknown, helper = 1) {} }',
  ])('is content with %s', async (text) => {
    expect(await findingsWith(file(text))).toEqual([]);
  });
});
