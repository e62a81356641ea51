/** Rolling restarts by SIGHUP, with clients that ask all the time. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { http1, http2, SteadyClients } from './steady-clients.js';
import { WorkerProgram } from './worker-program.js';

const LIMIT_MS = 600_000;

/** The incarnations that ran the task, in order, which must have done so one at a time: its lines are in the order in which they were written. */
function turnsOf(running: WorkerProgram): readonly string[] {
  const turns = running.matches(/^turn (begins|ends) \d+ (\d+)$/).map(([, what, incarnation]) => `${what} ${incarnation}`);
  const [...begun] = turns.filter((turn) => turn.startsWith('begins')).map((turn) => turn.slice('begins '.length));
  expect(turns).toEqual(begun.flatMap((incarnation) => [`begins ${incarnation}`, `ends ${incarnation}`]).slice(0, turns.length));
  return [...new Set(begun)];
}

test('no request is refused while all workers are replaced, tasks have one worker at a time, and a new worker that fails ends it', {
  timeout: LIMIT_MS,
}, async () => {
  await using running = await WorkerProgram.start({ workers: 2 });
  await running.waitFor(/^ready \d [12] \d+ 0$/, 2);
  await running.waitFor(/^each \d [12]$/, 2);
  await running.waitFor(/^turn ends/);
  const clients = new SteadyClients([
    http1(running.url, { keepAlive: true }),
    http1(running.url, { keepAlive: true }),
    http1(running.url, { keepAlive: false }),
  ]);

  // A run of a task that lasts until its worker is to go, and then until it may end.
  await writeFile(join(running.folder, 'hold'), '');
  await running.setMode('new');
  running.program.signal('SIGHUP');
  await running.waitFor(/^ready 1 3 \d+ 0$/);
  // During a rolling restart, another one is noted, once.
  running.program.signal('SIGHUP');
  running.program.signal('SIGHUP');
  await rm(join(running.folder, 'hold'));
  await running.waitFor(/^ended \d [12] 0 1000000 words$/, 2);
  await running.waitFor(/"msg":"program has replaced its workers"/, 2);
  await running.waitFor(/^ready 2 6 \d+ 0$/);
  await running.waitFor(/^each \d [3456]$/, 4);
  await running.waitFor(/^turn ends \d [56]$/);
  const holders = turnsOf(running);
  // The first worker is elected; then, each time, the newest one.
  expect(holders.at(-1)).toMatch(/[56]/);
  expect(holders.length).toBeLessThanOrEqual(5);
  const seen = await clients.stop();
  expect(seen.failures).toEqual([]);
  expect(seen.closes).toBeGreaterThan(0);
  expect([...seen.answers.keys()].some((incarnation) => incarnation > 4)).toBe(true);
  expect(running.matches(/^ready/)).toHaveLength(6);
  expect((await running.get('/who')).mode).toBe('new');

  // A new worker that fails: the old one stays, and so does the other.
  await running.setMode('fails');
  running.program.signal('SIGHUP');
  await running.waitFor(
    /the new worker 1 ended before it was ready \(exit code 1\): the rolling restart ends here, and the workers that run stay/,
  );
  expect(running.stdout).toContain('"cause":"error TypeError: a mistake of the user\\n    at Program.begin ');
  const after = [await running.get('/who'), await running.get('/who')];
  expect(after.map(({ incarnation }) => incarnation).sort()).toEqual([5, 6]);

  // The worker with the tasks is killed: another one runs them, but not those that are not due.
  await running.setMode('');
  const [, , holder = ''] = running.matches(/^turn begins (\d) (\d+)$/).at(-1) ?? [];
  process.kill(after.find(({ incarnation }) => String(incarnation) === holder)?.pid ?? 0, 'SIGKILL');
  await running.waitFor(new RegExp(`^ended \\d ${holder} SIGKILL`));
  const other = holder === '5' ? 6 : 5;
  await running.waitFor(new RegExp(`^turn ends \\d ${other}$`));
  await running.waitFor(/^each \d 8$/);
  running.program.signal('SIGTERM');
  expect(await running.program.exited).toEqual({ code: 0, signal: null });
  expect(running.matches(/^rarely/)).toHaveLength(1);
  // Each worker that got ready has run the task that each of them runs.
  expect(new Set(running.matches(/^each \d (\d+)$/).map(([, incarnation]) => incarnation))).toEqual(
    new Set(['1', '2', '3', '4', '5', '6', '8']),
  );
});

test('sessions of HTTP/2 move to the new worker without losing a request', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ workers: 2, environment: { HTTP2: '1' } });
  await running.waitFor(/^ready \d [12] \d+ 0$/, 2);
  const clients = new SteadyClients([http2(running.url), http2(running.url), http2(running.url)]);
  running.program.signal('SIGHUP');
  await running.waitFor(/"msg":"program has replaced its workers"/);
  const seen = await clients.stop();
  expect(seen.failures).toEqual([]);
  expect(seen.closes).toBeGreaterThan(0);
  expect(Math.max(...seen.answers.keys())).toBeGreaterThan(2);
});

test('a new worker that hangs in its start is killed, which ends the rolling restart, and the old ones serve on', {
  timeout: LIMIT_MS,
}, async () => {
  // A limit that passes when the file `late` appears.
  await using running = await WorkerProgram.start({ workers: 2, server: 'worker_start_timeout_ms: 1234567' });
  await running.waitFor(/^ready \d [12] \d+ 0$/, 2);
  await running.setMode('hangs');
  running.program.signal('SIGHUP');
  await running.waitFor(/^hangs 1 3$/);
  await writeFile(join(running.folder, 'late'), '');
  await running.waitFor(
    /"msg":"the new worker 1 ended before it was ready \(SIGKILL, because it did not listen within the 1234567 ms of server\.worker_start_timeout_ms\): the rolling restart ends here, and the workers that run stay"/,
  );
  await rm(join(running.folder, 'late'));
  const all = [await running.get('/who'), await running.get('/who')];
  expect(all.map(({ incarnation }) => incarnation).sort()).toEqual([1, 2]);

  // The same for one that replaces a dead one.
  process.kill(all[0]?.pid ?? 0, 'SIGKILL');
  await running.waitFor(/^hangs \d 4$/);
  await running.setMode('');
  await writeFile(join(running.folder, 'late'), '');
  await running.waitFor(
    /"msg":"worker \d ended before it was ready \(SIGKILL, because it did not listen within [^"]*\); another one starts /,
  );
  await rm(join(running.folder, 'late'));
  await running.waitFor(/^ready \d 5 \d+ 2$/);
  running.program.signal('SIGTERM');
  expect(await running.program.exited).toEqual({ code: 0, signal: null });
});
