/** Applications that run in several processes. Signals, exits and restarts need real ones; each program serves several tests. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { WorkerProgram } from './worker-program.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const LIMIT_MS = 600_000;

// The programs run what is built.
beforeAll(() => promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-b', join(root, 'packages/core')]));

test('workers answer on one port, talk to the primary, are replaced when they end, and stop in order', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ workers: 2 });
  await running.waitFor(/^ready \d+ \d+ \d+ 0$/m, 2);
  const [[, primary] = []] = await running.waitFor(/^primary (\d+)$/m);
  expect(primary).toBe(String(running.program.pid));

  // Connections go to the workers in turns.
  const first = await running.get('/who');
  const second = await running.get('/who');
  expect([first.worker, second.worker].sort()).toEqual([1, 2]);
  expect(new Set([first.pid, second.pid, running.program.pid]).size).toBe(3);

  // Both ways, with what JSON could not carry.
  expect(await running.get('/ask')).toEqual(
    expect.arrayContaining(
      [first, second].map(({ worker, incarnation, pid }) => ({ worker, incarnation, pid, restarts: 0, state: 'ready' })),
    ),
  );
  expect(await running.get(`/ask-other?worker=1`)).toEqual({
    message: 'hello',
    pid: [first, second].find(({ worker }) => worker === 1)?.pid,
    map: 'Map(1)',
  });
  expect(await running.get(`/ask-other?worker=7`)).toEqual({ code: 'TSK_ERR_WORKER_HANDLER' });

  // An uncaught exception: a large last word arrives, and the slot is filled again.
  await running.get('/crash');
  await running.waitFor(/^ended \d 1?\d? 1 1000000 words$/m);
  await running.waitFor(/^ready \d 3 \d+ 1$/m);
  expect(running.stdout).toContain('(exit code 1); another one starts now');
  expect(running.stdout).toContain('"cause":"Error: crashed on purpose\\n    at ');

  // SIGKILL: no last words, and the slot is filled again.
  const victim = await running.get('/who');
  process.kill(victim.pid, 'SIGKILL');
  await running.waitFor(new RegExp(`^ended ${victim.worker} ${victim.incarnation} SIGKILL without words$`, 'm'));
  await running.waitFor(/^ready \d 4 \d+ \d$/m);

  running.program.signal('SIGTERM');
  expect(await running.program.exited).toEqual({ code: 0, signal: null });
  expect(running.matches(/^stop hook of \d+$/m)).toHaveLength(2);
  expect(running.matches(/^ended \d \d 0 1000000 words$/m)).toHaveLength(2);
  expect(running.stdout.trimEnd().split('\n').at(-1)).toBe('primary stopped');
  // The folder for last words is gone.
  expect((await readdir(running.folder)).sort()).toEqual(['application.yml', 'mode']);
});
