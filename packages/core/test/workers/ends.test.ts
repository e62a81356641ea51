/** How an application with several workers ends, and what it says when it can't run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { freePort } from '../../../../test/support/free-port.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { PATIENT, WorkerProgram } from './worker-program.js';

const LIMIT_MS = 600_000;
const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('workers that end again and again before they are ready end the whole, with the cause', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ mode: 'fails' });
  expect(await running.program.exited).toEqual({ code: 1, signal: null });
  const [first, second] = running.program.output.stderr.split('\n');
  expect(first).toBe(
    'error TSK_ERR_WORKER_CRASH_LOOP: 5 workers in a row ended before they were ready, the last one with exit code 1. The last one failed with: error TypeError: a mistake of the user. Fix the cause, and start the application again.',
  );
  expect(second).toBe('error TypeError: a mistake of the user');
  // A sixth one may have been on its way.
  expect(running.matches(/^ended \d \d 1 /).length).toBeGreaterThanOrEqual(5);
  expect(running.stdout.trimEnd().split('\n').at(-1)).toBe('primary stopped');
});

test('so do workers that hang in their start', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ mode: 'hangs', server: 'worker_start_timeout_ms: 10' });
  expect(await running.program.exited).toEqual({ code: 1, signal: null });
  expect(running.program.output.stderr).toMatch(
    /^error TSK_ERR_WORKER_CRASH_LOOP: 5 workers in a row ended before they were ready, the last one with SIGKILL, because it did not listen within the 10 ms of server\.worker_start_timeout_ms\. /,
  );
});

test('a mistake at the first start is one line, like that of a single process', { timeout: LIMIT_MS }, async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  await using running = await WorkerProgram.start({ port });
  expect(await running.program.exited).toEqual({ code: 1, signal: null });
  expect(running.program.output.stderr).toMatch(
    /^error TSK_ERR_WEB_PORT_IN_USE: Port \d+ on 127\.0\.0\.1 is in use by another program\. .*\n$/,
  );
  holder.close();
});

test('when the primary is killed, its workers answer what runs, stop in order and leave nothing behind', {
  timeout: LIMIT_MS,
}, async () => {
  // With the inspector, each process needs its own port for it. No new connection comes, so nobody needs the delay.
  await using running = await WorkerProgram.start({
    execArgv: ['--inspect=127.0.0.1:0'],
    server: 'shutdown_timeout_ms: 5000, shutdown_delay_ms: 600000',
  });
  const pids = (await running.waitFor(/^listening (\d+)$/, 2)).map(([, pid]) => Number(pid));
  const answer = running.get('/slow');
  await running.waitFor(/^request arrived$/);
  running.program.signal('SIGKILL');
  expect(pids).toContain((await answer).pid);
  await waitUntil('the end of the workers', () => !pids.some(isAlive), PATIENT);
  // The pipes of the program end with its last process.
  await running.program.exited;
  expect(running.matches(/^stop hook of \d+$/)).toHaveLength(2);
  expect(running.matches(/"msg":"the primary process has ended: program is stopping"/)).toHaveLength(2);
  expect((await readdir(running.folder)).sort()).toEqual(['application.yml', 'mode']);
});

test('Ctrl+C reaches all processes of the group, and is left to the primary; a second one ends all at once', {
  timeout: LIMIT_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-workers-test-'));
  await writeFile(join(folder, 'application.yml'), 'server: { port: 0, workers: 2, shutdown_timeout_ms: 60000 }\n');
  const child = spawn(process.execPath, [fixture('program.mjs')], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> => waitUntil(`${pattern}`, () => pattern.exec(stdout) ?? undefined, PATIENT);
  const group = -(child.pid ?? 0);
  // On port 0, both workers listen on the same free one. The log is written in its own time, before or after what else is printed.
  const [, port] = await says(/listens on http:\/\/127\.0\.0\.1:(\d+)[\s\S]*listens on http:\/\/127\.0\.0\.1:\1\D/);
  await waitUntil('both workers', () => stdout.match(/^ready/gm)?.length === 2, PATIENT);
  // A task that does not end by itself.
  await writeFile(join(folder, 'hold'), '');
  await says(/^held by/m);
  process.kill(group, 'SIGINT');
  await says(/"msg":"SIGINT: program is stopping"/);
  await says(/^ended [12] /m);
  const again = setInterval(() => process.kill(group, 'SIGINT'), 1500);
  const [code] = await ended;
  clearInterval(again);
  expect(code).toBe(1);
  expect(Number(port)).toBeGreaterThan(0);
  expect(stdout).not.toContain('primary stopped');
  expect(stdout.match(/^ended/gm)).toHaveLength(1);
  await waitUntil('the end of all', () => !isAlive(group), PATIENT);
  await rm(folder, { recursive: true });
});

test('nobody reads the output any more: the workers serve, are replaced and stop in order', { timeout: LIMIT_MS }, async () => {
  const [folder, port] = [await mkdtemp(join(tmpdir(), 'tsukimi-workers-test-')), await freePort()];
  await writeFile(join(folder, 'application.yml'), `server: { port: ${port}, workers: 2 }\n`);
  const child = spawn(process.execPath, [fixture('program.mjs')], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  await waitUntil('both workers', () => stdout.match(/^ready/gm)?.length === 2, PATIENT);
  const seen = new Set<number>();
  const answer = (...incarnations: number[]): Promise<boolean> =>
    waitUntil(
      `answers of ${incarnations}`,
      async () => {
        const response = await fetch(`http://127.0.0.1:${port}/who`, { headers: { connection: 'close' } });
        seen.add(((await response.json()) as { incarnation: number }).incarnation);
        return incarnations.every((each) => seen.has(each));
      },
      PATIENT,
    );
  // The program itself writes nothing after that: only the log does.
  await writeFile(join(folder, 'mute'), '');
  await answer(1, 2);
  child.stdout.destroy();
  child.kill('SIGHUP');
  await answer(3, 4);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect([...seen].sort()).toEqual([1, 2, 3, 4]);
  await rm(folder, { recursive: true });
});

test('after a signal, all workers serve requests without being ready, until the delay is over or a second signal ends it', {
  timeout: LIMIT_MS,
}, async () => {
  await using running = await WorkerProgram.start({ server: 'shutdown_delay_ms: 600000' });
  await running.waitFor(/^ready \d [12] \d+ 0$/, 2);
  running.program.signal('SIGTERM');
  await running.waitFor(/"msg":"SIGTERM: program is stopping"/, 3);
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(`${running.url}${path}`, { headers: { connection: 'close' } })).status;
  const paths = ['/health/ready', '/health/ready', '/health/live', '/health/live', '/who', '/who'];
  expect(await Promise.all(paths.map(statusOf))).toEqual([503, 503, 200, 200, 200, 200]);
  const again = setInterval(() => running.program.signal('SIGTERM'), 1500);
  expect(await running.program.exited).toEqual({ code: 1, signal: null });
  clearInterval(again);
  expect(running.stdout).not.toContain('stop hook');
  // The workers have ended too.
  await expect(statusOf('/who')).rejects.toThrow();

  await using orphaned = await WorkerProgram.start({ server: 'shutdown_delay_ms: 600000' });
  await orphaned.waitFor(/^ready \d [12] \d+ 0$/, 2);
  orphaned.program.signal('SIGTERM');
  await orphaned.waitFor(/"msg":"SIGTERM: program is stopping"/, 3);
  orphaned.program.signal('SIGKILL');
  await orphaned.waitFor(/^stop hook of \d+$/, 2);

  await using short = await WorkerProgram.start({ server: 'shutdown_delay_ms: 100' });
  await short.waitFor(/^ready \d [12] \d+ 0$/, 2);
  short.program.signal('SIGTERM');
  expect(await short.program.exited).toEqual({ code: 0, signal: null });
  expect(short.matches(/^stop hook of \d+$/)).toHaveLength(2);
});

test('in a worker of another program, such as pm2, the application runs in that process', { timeout: LIMIT_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-workers-test-'));
  await writeFile(join(folder, 'application.yml'), 'server: { port: 0, workers: auto }\n');
  await using manager = new ChildProgram(process.execPath, {
    args: [fixture('process-manager.mjs'), fixture('program.mjs')],
    cwd: folder,
    environment: { TSUKIMI_SERVER_WORKERS: '3' },
  });
  expect(await manager.exited).toEqual({ code: 0, signal: null });
  expect(manager.output.stdout).toContain(
    '"msg":"server.workers is 3, but this process is a worker of another program: the application runs in this process only"',
  );
  expect(manager.output.stdout).toContain('{"pid":');
  expect(manager.output.stdout).toMatch(/exited 0 null\n$/);
  await rm(folder, { recursive: true });
});

test('a program whose workers close the application ends, and each worker runs all applications of the program', {
  timeout: LIMIT_MS,
}, async () => {
  await using program = new ChildProgram(process.execPath, { args: [fixture('two-applications.mjs')] });
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(program.output.stdout.match(/^both \d$/gm)?.sort()).toEqual(['both 1', 'both 2']);
  await using other = new ChildProgram(process.execPath, { args: [fixture('two-applications.mjs'), 'second first'] });
  expect(await other.exited).toEqual({ code: 1, signal: null });
  expect(other.output.stderr).toBe(
    'error TSK_ERR_WORKER_SECOND_APPLICATION: server.workers of First is 2, but this process already runs another application, which the workers would run too. Give each application its own program, or start First first.\n',
  );
});

test('a program without a file has nothing that workers could run', { timeout: LIMIT_MS }, async () => {
  const code = `import { Application, runApplication } from '@tsukimi/core';
    class App {}
    Application({ components: [] })(App);
    await runApplication(App, { configuration: { server: { workers: 2 } } });`;
  await using program = new ChildProgram(process.execPath, { args: ['--input-type=module', '-e', code], cwd: fixture('.') });
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output.stderr).toMatch(/^error TSK_ERR_WORKER_PROGRAM: server\.workers is more than 1, [^\n]*\n$/);
});
