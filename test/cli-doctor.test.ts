/** What the doctor calls an error is one: the project is compiled and started, and does not start; the healthy one does. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ChildProgram, startNodeProgram } from './support/child-process.js';
import { cliMain } from './support/cli-program.js';
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

it('finds nothing in a project that starts', async () => {
  const { started, doctor } = await examine(HEALTHY, RUN);
  expect(doctor).toMatchObject({ code: 0, codes: [] });
  expect(started).toMatchObject({ code: 0, stdout: 'Orders\n' });
});

it.each<[string, string, Files, readonly string[], string]>([
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
])('%s, %s: the project does not start', async (code, _, changes, run, error) => {
  const clock = { 'src/clock.ts': 'export interface Clock { now(): number }\n' };
  const files: Record<string, string> = { ...HEALTHY, ...clock, ...changes };
  files['src/shop.ts'] = `import type { Clock } from './clock.js';\nexport type { Clock };\n${files['src/shop.ts']}`;
  const { started, doctor } = await examine(files, run);
  expect(doctor).toEqual({ code: 1, codes: [code] });
  expect(started.code).toBe(1);
  expect(started.stderr).toContain(error);
});

/** Compiles the project, starts it, and asks the doctor about it. */
async function examine(files: Files, run: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-doctor-'));
  try {
    await writeFiles(folder, files);
    await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
    // What the compiler says is not asked: some of the faults are errors for it as well, and it emits all the same. Checking types takes most of its time.
    const compiler = startNodeProgram(projectPath('node_modules/typescript/bin/tsc'), { args: ['-p', folder, '--noCheck'] });
    const doctor = startNodeProgram(cliMain(), { args: ['doctor', folder, '--json'] });
    await finished(compiler);
    const [command = '', ...args] = run;
    const started = await finished(new ChildProgram(command, { args, cwd: folder }));
    const { code, stdout } = await finished(doctor);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly code: string }[] };
    return { started, doctor: { code, codes: findings.map((finding) => finding.code) } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function finished(program: ChildProgram) {
  const { code } = await program.exited;
  return { code, ...program.output };
}
