import { stripVTControlCharacters } from 'node:util';
import { EXIT_CODES } from '@tsukimi/cli';
import { expect, it } from 'vitest';
import { projectText } from '../../../test/support/project.js';
import { runTsukimi } from './support/run-tsukimi.js';

const { version } = JSON.parse(projectText('packages/cli/package.json')) as { version: string };
const COMMANDS = ['init', 'dashboard', 'rules', 'compose', 'top', 'doctor'];

it('prints its version', async () => {
  expect(await runTsukimi(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  expect(await runTsukimi(['-V'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

it('prints its help where it was asked for, and to the error output with exit code 2 where nothing was asked', async () => {
  const asked = await runTsukimi(['--help']);
  expect(asked).toEqual({ exitCode: 0, stdout: expect.stringContaining('Usage: tsukimi [options] [command]'), stderr: '' });
  expect(await runTsukimi(['help'])).toEqual(asked);
  expect(await runTsukimi([])).toEqual({ exitCode: 2, stdout: '', stderr: asked.stdout });
  for (const command of COMMANDS) expect(asked.stdout).toMatch(new RegExp(`^  ${command} .*[a-z]`, 'm'));
});

it.each(COMMANDS)('the help of %s has a description, options, examples and links', async (command) => {
  const { exitCode, stdout, stderr } = await runTsukimi([command, '--help']);
  expect([exitCode, stderr]).toEqual([0, '']);
  const [usage, , sentence = ''] = stdout.split('\n');
  expect(usage).toMatch(new RegExp(`^Usage: tsukimi ${command} `));
  expect(sentence).toMatch(/^[A-Z].*[a-z]/);
  const examples = /^Examples:\n((?: {2}tsukimi .*\n)+)/m.exec(stdout)?.[1]?.trimEnd().split('\n') ?? [];
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) expect(example).toMatch(new RegExp(`^ {2}tsukimi ${command}.* {2}\\S`));
  const pages =
    /^See also:\n((?: {2}.*\n)+)/m
      .exec(stdout)?.[1]
      ?.trim()
      .split(/\s*\n\s*/) ?? [];
  expect(pages.length).toBeGreaterThan(0);
  for (const page of pages) expect(projectText(page)).toMatch(/^# /);
  expect((await runTsukimi(['help', command])).stdout).toBe(stdout);
});

it.each([
  [['ini'], "error: unknown command 'ini'\n(Did you mean init?)\nSee: tsukimi --help\n"],
  [['frobnicate'], "error: unknown command 'frobnicate'\nSee: tsukimi --help\n"],
  [['--versio'], "error: unknown option '--versio'\n(Did you mean --version?)\nSee: tsukimi --help\n"],
  [['init', 'shop', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\nSee: tsukimi init --help\n"],
  [['init', 'shop', 'more'], "error: too many arguments for 'init'. Expected 1 argument but got 2.\nSee: tsukimi init --help\n"],
  [['init', 'shop', '--port'], "error: option '-p, --port <number>' argument missing\nSee: tsukimi init --help\n"],
])('%j is not understood: exit code 2, with the nearest name', async (argv, stderr) => {
  expect(await runTsukimi(argv)).toEqual({ exitCode: EXIT_CODES.usage, stdout: '', stderr });
});

const TERMINAL = { columns: 80, rows: 24 };
const ESCAPE = '\u001B[';

it('wraps its help to the terminal, and colours it there only', async () => {
  const { stdout } = await runTsukimi(['init', '--help'], { terminal: TERMINAL });
  expect(stdout).toContain(`${ESCAPE}1mUsage:`);
  const [prose = ''] = stdout.split('Examples:');
  expect(
    Math.max(
      ...stripVTControlCharacters(prose)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(80);
  expect((await runTsukimi(['init', '--help'])).stdout).not.toContain(ESCAPE);
});

it.each([
  [{ NO_COLOR: '1' }, false],
  [{ NO_COLOR: '' }, true],
  [{ TERM: 'dumb' }, false],
  [{ TERM: 'xterm' }, true],
])('with %j colour on a terminal is %s', async (environment, coloured) => {
  const failed = await runTsukimi(['init', 'A'], { environment, terminal: TERMINAL });
  expect(failed.stderr.startsWith(`${ESCAPE}31merror${ESCAPE}39m TSK_ERR_INIT_NAME: `)).toBe(coloured);
  expect((await runTsukimi(['--help'], { environment, terminal: TERMINAL })).stdout.includes(ESCAPE)).toBe(coloured);
});

it('prints one of our errors with its code, and its stack with DEBUG only', async () => {
  const { exitCode, stderr } = await runTsukimi(['init', 'A']);
  expect([exitCode, stderr.split(':')[0]]).toEqual([2, 'error TSK_ERR_INIT_NAME']);
  expect(stderr).not.toContain('    at ');
  expect((await runTsukimi(['init', 'A'], { environment: { DEBUG: '1' } })).stderr).toMatch(/^error: UsageError: .*\n {4}at /);
});
