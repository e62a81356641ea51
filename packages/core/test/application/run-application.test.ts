import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const program = fileURLToPath(new URL('./fixtures/program.mjs', import.meta.url));

let folder: string;
// The programs run what is built: signals and exit codes need a process of their own.
beforeAll(() => promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-b', join(root, 'packages/core')]));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  await writeFile(join(folder, 'application.yml'), 'server: { port: 0, shutdown_timeout_ms: 5000 }\n');
});
afterEach(() => rm(folder, { recursive: true }));

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  /** Waits until the output holds a text. */
  shows(text: string): Promise<void>;
}

function run(mode: string, environment: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [program, mode], { cwd: folder, env: { PATH: process.env['PATH'], ...environment } });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const shows = (text: string): Promise<void> => expect.poll(() => output.stdout, { timeout: 20_000 }).toContain(text);
  return { child, output, exited, shows };
}

/** Waits until the program listens and has its signal handlers. */
async function urlOf({ output, shows }: Run): Promise<string> {
  await shows('listeners 1 1');
  await shows('listens on');
  return /listens on (http:\/\/[\d.:]+)/.exec(output.stdout)?.[1] ?? 'no URL';
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s finishes the running request, runs the stop hooks and exits with 0', async (signal) => {
  const running = run('normal');
  const url = await urlOf(running);
  const answer = fetch(`${url}/slow`).then((response) => response.text());
  await running.shows('request arrived');
  running.child.kill(signal);
  expect(await answer).toBe('done');
  expect(await running.exited).toEqual({ code: 0, signal: null });
  expect(running.output.stdout).toContain(`"msg":"${signal}: program is stopping"`);
  expect(running.output.stdout).toContain('stop hook');
  expect(running.output.stderr).toBe('');
});

test.each([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
] as const)('%s and %s within a second are one: the request finishes and the stop hooks run', async (first, second) => {
  const running = run('normal');
  const url = await urlOf(running);
  const answer = fetch(`${url}/slow`).then((response) => response.text());
  await running.shows('request arrived');
  running.child.kill(first);
  await running.shows('program is stopping');
  running.child.kill(second);
  expect(await answer).toBe('done');
  expect(await running.exited).toEqual({ code: 0, signal: null });
  expect(running.output.stdout).toContain('stop hook');
});

test('a repeat that a busy stop hook kept waiting for more than a second is still the same signal', async () => {
  const running = run('busy-stop');
  await urlOf(running);
  running.child.kill('SIGINT');
  await running.shows('busy');
  running.child.kill('SIGINT');
  expect(await running.exited).toEqual({ code: 0, signal: null });
  expect(running.output.stdout).toContain('stop hook');
});

test('a second signal more than a second later exits at once with 1', async () => {
  const running = run('endless');
  const url = await urlOf(running);
  fetch(`${url}/slow`).catch(() => undefined);
  await running.shows('request arrived');
  running.child.kill('SIGTERM');
  await running.shows('a second has passed');
  running.child.kill('SIGINT');
  expect(await running.exited).toEqual({ code: 1, signal: null });
  expect(running.output.stdout).not.toContain('stop hook');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s during the start is heeded once that is done: nothing listens, and stop hooks run',
  async (signal) => {
    const running = run('slow-start');
    await running.shows('starting');
    running.child.kill(signal);
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(running.output.stderr).toBe(`${signal}: Program is still starting and will stop when the start is complete\n`);
    expect(running.output.stdout).toContain('stop hook');
    expect(running.output.stdout).not.toContain('listens on');
  },
);

test('a second signal during the start, more than a second later, exits at once with 1', async () => {
  const running = run('endless-start');
  await running.shows('starting');
  running.child.kill('SIGTERM');
  await running.shows('a second has passed');
  expect(running.output.stderr).toBe('SIGTERM: Program is still starting and will stop when the start is complete\n');
  running.child.kill('SIGTERM');
  expect(await running.exited).toEqual({ code: 1, signal: null });
  expect(running.output.stdout).not.toContain('stop hook');
});

test('a stop past the timeout exits with 1, stop hooks included', async () => {
  const running = run('endless', { TSUKIMI_SERVER_SHUTDOWN_TIMEOUT_MS: '100' });
  const url = await urlOf(running);
  fetch(`${url}/slow`).catch(() => undefined);
  await running.shows('request arrived');
  running.child.kill('SIGTERM');
  expect(await running.exited).toEqual({ code: 1, signal: null });
  expect(running.output.stdout).toContain('still running after server.shutdown_timeout_ms (100 ms); closing all connections');
  expect(running.output.stdout).toContain('stop hook');
});

test('what keeps the process alive after the stop is cut off', async () => {
  const running = run('keep-alive');
  await running.shows('listeners');
  running.child.kill('SIGTERM');
  expect(await running.exited).toEqual({ code: 0, signal: null });
});

test('close removes the signal handlers, and the process ends by itself', async () => {
  const running = run('close');
  expect(await running.exited).toEqual({ code: 0, signal: null });
  expect(running.output.stdout).toContain('listeners 1 1\n');
  expect(running.output.stdout).toContain('listeners 0 0\n');
});

async function failedStart(mode: string, environment: Record<string, string> = {}): Promise<string> {
  const running = run(mode, environment);
  expect(await running.exited).toEqual({ code: 1, signal: null });
  return running.output.stderr;
}

test('a busy port is one line', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  expect(await failedStart('normal', { TSUKIMI_SERVER_PORT: String(port) })).toBe(
    `error TSK_ERR_WEB_PORT_IN_USE: Port ${port} on 127.0.0.1 is in use by another program. Stop it (find it with: lsof -i :${port}), or set server.port or TSUKIMI_SERVER_PORT to another port.\n`,
  );
  holder.close();
});

test('a missing file, broken YAML, a wrong value and an unknown profile are one line', async () => {
  const file = join(folder, 'application.yml');
  expect(await failedStart('normal', { TSUKIMI_PROFILE: 'prod' })).toBe(
    'error TSK_ERR_CONFIGURATION_PROFILE: The profile "prod" has no file application-prod.yml. There are no profiles yet. Create the file, or set TSUKIMI_PROFILE to another profile.\n',
  );
  expect(await failedStart('normal', { TSUKIMI_SERVER_PORT: 'eighty' })).toBe(
    'error TSK_ERR_CONFIGURATION_VALUE: server.port: a text of 6 characters is not an integer (environment TSUKIMI_SERVER_PORT). Allowed: an integer from 0 to 65535.\n',
  );
  await writeFile(file, 'server:\n\tport: 1\n');
  expect(await failedStart('normal')).toBe(
    'error TSK_ERR_CONFIGURATION_SYNTAX: application.yml, line 2, column 1: Tabs are not allowed as indentation. Indent with spaces.\n',
  );
  await rm(file);
  expect(await failedStart('normal')).toBe(
    `error TSK_ERR_CONFIGURATION_MISSING: There is no configuration file at ${file}. Create the file (it can be empty), or pass the option configuration.\n`,
  );
});

test('a mistake of the user is shown with its stack', async () => {
  expect(await failedStart('user-error')).toMatch(/^error TypeError: a mistake of the user\n {4}at Program\.begin /);
  expect(await failedStart('extension-error')).toMatch(
    /^error TSK_ERR_APPLICATION_EXTENSION_FAILED: The extension broken failed in its step configure: a mistake of an extension\. [^\n]*\nRangeError: a mistake of an extension\n {4}at /,
  );
});
