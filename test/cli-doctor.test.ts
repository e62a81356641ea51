/** What the doctor calls an error is one: the project is compiled and started, and does not start; the healthy one does. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsIn } from '../packages/cli/test/doctor/support.js';
import { ChildProgram, startNodeProgram } from './support/child-process.js';
import { projectPath } from './support/project.js';
import { writeFiles } from './support/write-files.js';

type Files = Readonly<Record<string, string>>;

const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  types: [],
  strict: true,
  outDir: 'dist',
  rootDir: 'src',
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};
const tsconfig = (changes: object) => JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, ...changes }, include: ['src'] }, null, 2);
const packageJson = (start: string) => JSON.stringify({ name: 'shop', type: 'module', scripts: { start } }, null, 2);

const HEALTHY: Files = {
  'package.json': packageJson('node dist/main.js'),
  'tsconfig.json': tsconfig({}),
  'application.yml': 'server:\n  port: 0\n',
  'src/orders.ts': "import { Repository } from 'tsukimi';\n\n@Repository()\nexport class Orders {}\n",
  'src/shop.ts': `import { Application, Instrumented, Service } from 'tsukimi';
import { Orders } from './orders.js';

@Service()
export class OrderService {
  constructor(readonly orders: Orders) {}
}

@Instrumented()
@Application()
export class Shop {}
`,
  'src/main.ts': `import { createApplication } from 'tsukimi';
import { OrderService, Shop } from './shop.js';

const application = await createApplication(Shop, { logger: false });
console.log(application.resolve(OrderService).orders.constructor.name);
await application.close();
`,
};

const RUN = [process.execPath, 'dist/main.js'];
const TSX = [process.execPath, '--import', 'tsx', 'src/main.ts'];
const shop = (from: string, to: string) => ({ 'src/shop.ts': (HEALTHY['src/shop.ts'] ?? '').replace(from, to) });

/** What the doctor finds, what is wrong, how the healthy project is changed, how it is started, and the error of the start. */
const FAULTS: readonly (readonly [string, string, Files, readonly string[], string])[] = [
  ['type-only-import', 'import type', shop('import { Orders }', 'import type { Orders }'), RUN, 'TSK_ERR_COMPONENT_PARAMETER_TYPE'],
  [
    'injected-type',
    'an interface',
    shop('readonly orders: Orders', 'readonly orders: Orders, readonly clock: Clock'),
    RUN,
    'TSK_ERR_COMPONENT_PARAMETER_TYPE',
  ],
  [
    'decorator-flags',
    'no metadata',
    { 'tsconfig.json': tsconfig({ emitDecoratorMetadata: false }) },
    RUN,
    'TSK_ERR_COMPONENT_PARAMETER_TYPE',
  ],
  ['decorator-flags', 'decorators of the standard', { 'tsconfig.json': tsconfig({ experimentalDecorators: false }) }, RUN, 'TSK_ERR_'],
  [
    'tools-without-metadata',
    'tsx',
    { 'package.json': packageJson('node --import tsx src/main.ts') },
    TSX,
    'TSK_ERR_COMPONENT_PARAMETER_TYPE',
  ],
  ['module-type', 'CommonJS', { 'package.json': '{ "name": "shop" }' }, RUN, 'Error'],
  ['configuration', 'a port that is none', { 'application.yml': 'server:\n  port: high\n' }, RUN, 'TSK_ERR_CONFIGURATION_VALUE'],
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-doctor-'));
  await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
  await writeFiles(join(folder, 'healthy'), HEALTHY);
  for (const [index, [, , changes]] of FAULTS.entries()) {
    const files: Record<string, string> = { ...HEALTHY, 'src/clock.ts': 'export interface Clock { now(): number }\n', ...changes };
    files['src/shop.ts'] = `import type { Clock } from './clock.js';\nexport type { Clock };\n${files['src/shop.ts']}`;
    await writeFiles(join(folder, `fault-${index}`), files);
  }
  // All in one go. What the compiler says is not asked: some of the faults are errors for it as well, and it emits all the same.
  const projects = ['healthy', ...FAULTS.map((_, index) => `fault-${index}`)];
  const tsc = projectPath('node_modules/typescript/bin/tsc');
  await startNodeProgram(tsc, { args: ['-b', '--noCheck', ...projects], cwd: folder }).exited;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds nothing in a project that starts', async () => {
  const { started, found } = await examine('healthy', RUN);
  expect(found).toEqual([]);
  expect(started).toMatchObject({ code: 0, stdout: 'Orders\n' });
});

it.each(FAULTS.map((fault, index) => [...fault, index] as const))(
  '%s, %s: the project does not start',
  async (code, _what, _changes, run, error, index) => {
    const { started, found } = await examine(`fault-${index}`, run);
    expect(found).toEqual([`error ${code}`]);
    expect(started.code).toBe(1);
    expect(started.stderr).toContain(error);
  },
);

/** Starts a compiled project, and asks the doctor about it. */
async function examine(project: string, run: readonly string[]) {
  const cwd = join(folder, project);
  const findings = await findingsIn(cwd);
  const [command = '', ...args] = run;
  const program = new ChildProgram(command, { args, cwd });
  const exit = await program.exited;
  return { started: { code: exit.code, ...program.output }, found: findings.map(({ level, code }) => `${level} ${code}`) };
}
