/** The live page of an application with several workers: each of them shows the whole application. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { PATIENT, WorkerProgram } from '../../../core/test/workers/worker-program.js';
import type {
  DependencyMap,
  LastErrors,
  Meta,
  MethodRow,
  Overview,
  RouteRow,
  SchedulerState,
  Settings,
  Table,
} from '../../src/api-types.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./fixtures/program.mjs', import.meta.url));
const LIMIT_MS = 300_000;

// The programs run what is built.
beforeAll(() => promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', join(ROOT, 'packages/tsukimi')]), LIMIT_MS);

test('each worker shows the whole application', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ file: PROGRAM });
  const { url } = running;
  await running.waitFor(/^listening \d+$/m, 2);
  const ask = async (path: string): Promise<Response> =>
    // A connection of its own: the next one goes to the next worker.
    await fetch(`${url}${path}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(60_000) });
  const api = async <T>(path: string): Promise<T> => (await (await ask(`/metrics/ui/api/${path}`)).json()) as T;
  const until = <T>(path: string, isSo: (answer: T) => boolean): Promise<T> =>
    waitUntil(
      path,
      async () => {
        const answer = await api<T>(path);
        return isSo(answer) ? answer : undefined;
      },
      PATIENT,
    );

  const aborter = new AbortController();
  onTestFinished(() => aborter.abort());
  const stream = await fetch(`${url}/metrics/ui/api/live?view=routes`, { signal: aborter.signal });
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  let events = '';
  const ended = (async () => {
    for await (const chunk of stream.body as ReadableStream<Uint8Array>) events += Buffer.from(chunk).toString();
  })();

  // The first samples know nothing of before.
  await until<Meta>('meta', ({ history }) => history.bytes > 0);
  const pids = new Set<number>();
  let count = 0;
  for (; count < 10 || pids.size < 2; count += 1) pids.add(((await (await ask('/moons')).json()) as { pid: number }).pid);
  expect((await ask('/moons/fail')).status).toBe(500);

  // Four times, because the next connection goes to another worker.
  for (let time = 0; time < 4; time += 1) {
    const { rows } = await until<Table<RouteRow>>('routes', (table) =>
      table.rows.some((row) => row.path === '/moons' && row.count === count),
    );
    expect(rows.find(({ path }) => path === '/moons/fail')).toMatchObject({ count: 1, errors: 1 });
  }
  await waitUntil(
    'the count in the events',
    () =>
      events.includes(`"path":"/moons","count":${count}`) || new RegExp(`"key":"GET /moons","count":${count},`).test(events)
        ? true
        : undefined,
    PATIENT,
  );
  expect(events.startsWith('retry: 2000\n\nevent: state\n')).toBe(true);

  const { rows } = await until<Table<MethodRow>>('components', (table) =>
    table.rows.some((row) => row.method === 'list' && row.lastCalled !== null),
  );
  expect(rows.find(({ method }) => method === 'list')).toMatchObject({ component: 'Moons', kind: 'controller', count });
  const { errors } = await until<LastErrors>('errors?component=Moons&method=fail', (answer) => answer.errors.length > 0);
  expect(errors).toMatchObject([{ type: 'RangeError', message: 'no moon', component: 'Moons', method: 'fail' }]);
  await until<SchedulerState>('scheduler', ({ tasks }) => tasks.some((task) => task.key === 'rise' && task.executions > 0));
  await until<Overview>('overview', ({ health }) => health.some((check) => check.name === 'sky' && check.status === 'up'));
  await until<DependencyMap>('map', ({ nodes }) => nodes.some(({ id, rate }) => id === 'component:Moons' && rate > 0));
  expect((await api<Settings>('settings')).settings.find(({ key }) => key === 'server.workers')).toMatchObject({ value: '2' });
  const metas = [await api<Meta>('meta'), await api<Meta>('meta'), await api<Meta>('meta')];
  expect(new Set(metas.map(({ instance }) => instance)).size).toBe(1);
  expect(metas[0]).toMatchObject({
    name: 'moons',
    metricsPath: '/metrics',
    has: { http: true, scheduler: true, settings: true, profile: true, workers: true },
  });
  expect((await ask('/metrics/ui/api/none')).status).toBe(404);
  expect((await ask('/metrics/ui/api/live?view=none')).status).toBe(400);

  running.program.signal('SIGTERM');
  await ended;
  expect(events.endsWith('event: closing\ndata: {}\n\n')).toBe(true);
  expect(await running.program.exited).toMatchObject({ code: 0 });
});
