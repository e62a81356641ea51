/** `tsukimi doctor`: what it prints, how it ends, and what it refuses. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectPath, projectText } from '../../../../test/support/project.js';
import { CHECKS } from '../../src/doctor/checks/table.js';
import { emptyFolder } from '../support/folders.js';
import { projectFolder } from '../support/project-folder.js';
import { runTsukimi } from '../support/run-tsukimi.js';

const TYPE_IMPORT = `import { Service } from 'tsukimi';
import type { OrderRepository } from './order-repository.js';

@Service()
export class OrderService {
  constructor(private readonly orders: OrderRepository) {}
}
`;
const UNKNOWN_KEY = 'metrics:\n  allowed_ip: [127.0.0.1]\n';

describe('tsukimi doctor', () => {
  it('lists its checks for a healthy project', async () => {
    const { exitCode, stdout, stderr } = await runTsukimi(['doctor'], { cwd: await projectFolder() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      ...CHECKS.map(({ about }) => `  ok  ${about}`),
      '',
      `shop has no problems: ${CHECKS.length} checks passed.`,
      '',
    ]);
  });

  it('finds nothing in the demo', async () => {
    const { exitCode, stdout } = await runTsukimi(['doctor', projectPath('examples/instrumentation-demo'), '--strict']);
    expect(stdout).toContain('instrumentation-demo has no problems');
    expect(exitCode).toBe(0);
  });

  it('prints findings by file and line, counts them, and ends with 1 for an error', async () => {
    const folder = await projectFolder({ 'src/order-service.ts': TYPE_IMPORT, 'application.yml': UNKNOWN_KEY });
    const ran = await runTsukimi(['doctor', folder]);
    // Where a page is differs from one installation to the next.
    const stdout = ran.stdout.replace(/\S*\/(docs\/\S+\.md)/g, '$1');
    expect(projectText('docs/guides/doctor.md')).toContain(stdout);
    expect({ ...ran, stdout }).toEqual({
      exitCode: 1,
      stderr: '',
      stdout: `application.yml:2  warning  configuration
  metrics.allowed_ip (application.yml) is not a known key; did you mean metrics.allowed_ips?
  Nothing reads this key. Correct or remove it; docs/reference/configuration.md lists all keys.

src/order-service.ts:2  error  type-only-import
  OrderRepository is imported as a type, but the constructor of OrderService injects it (parameter orders): at run time, the class is missing.
  Import it without "type", and disable the lint rule that adds it (Biome: useImportType, typescript-eslint: consistent-type-imports).

1 error and 1 warning in shop. docs/guides/doctor.md explains each one.
`,
    });
  });

  it('ends with 0 for warnings only, with 1 where they are to fail', async () => {
    const folder = await projectFolder({ 'application.yml': UNKNOWN_KEY });
    expect(await runTsukimi(['doctor', folder])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 errors and 1 warning') });
    expect(await runTsukimi(['doctor', folder, '--strict'])).toMatchObject({ exitCode: 1 });
    expect(await runTsukimi(['doctor', await projectFolder(), '--strict'])).toMatchObject({ exitCode: 0 });
  });

  it('prints the same as JSON', async () => {
    const folder = await projectFolder({ 'application.yml': UNKNOWN_KEY });
    const { stdout } = await runTsukimi(['doctor', folder, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      project: 'shop',
      checks: CHECKS.map(({ code }) => code),
      errors: 0,
      warnings: 1,
      findings: [expect.objectContaining({ level: 'warning', code: 'configuration', file: 'application.yml', line: 2 })],
    });
  });

  it('never lets a name of the project write to the terminal', async () => {
    const folder = await projectFolder({
      'src/order-service.ts': TYPE_IMPORT,
      'package.json': '{ "name": "\\u001b[2J", "type": "module" }',
    });
    const { stdout } = await runTsukimi(['doctor', folder], { environment: { NO_COLOR: '1' } });
    expect(stdout).not.toContain('\u001B');
  });
});

describe('tsukimi doctor fails with code 1 where', () => {
  it.each([
    ['there is no folder', async () => join(await emptyFolder(), 'nowhere'), 'TSK_ERR_DOCTOR_FOLDER'],
    ['it is a file', async () => join(await projectFolder(), 'package.json'), 'TSK_ERR_DOCTOR_FOLDER'],
    ['there is no package.json', emptyFolder, 'TSK_ERR_CLI_PROJECT_MISSING'],
    ['package.json is no JSON', () => projectFolder({ 'package.json': '{' }), 'TSK_ERR_DOCTOR_PACKAGE_FORM'],
    ['package.json is a list', () => projectFolder({ 'package.json': '[]' }), 'TSK_ERR_DOCTOR_PACKAGE_FORM'],
  ])('%s', async (_, folder, code) => {
    const { exitCode, stdout, stderr } = await runTsukimi(['doctor', await folder()]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.startsWith(`error ${code}: `)).toBe(true);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('a file may not be read', async () => {
    const folder = await projectFolder();
    await chmod(join(folder, 'src/application.ts'), 0o000);
    expect(await runTsukimi(['doctor', folder])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/TSK_ERR_DOCTOR_UNREADABLE: .*\(EACCES\)/),
    });
  });

  it('a folder stands where a file should', async () => {
    const folder = await projectFolder({ 'Dockerfile/x': '' });
    expect(await runTsukimi(['doctor', folder])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/TSK_ERR_DOCTOR_UNREADABLE: .*Dockerfile.*\(EISDIR\)/),
    });
  });
});

it('docs/guides/doctor.md explains every check, and no other', () => {
  const headings = [...projectText('docs/guides/doctor.md').matchAll(/^### `([\w-]+)`$/gm)].map(([, code]) => code);
  expect(headings).toEqual(CHECKS.map(({ code }) => code));
});
