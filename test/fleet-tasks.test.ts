/** A task runs in one of three processes: when that is killed, or suspended past its lease, another one takes over, and the stale token is refused. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createClient } from '@redis/client';
import { requireToken } from '@tsukimi/postgres';
import { fencedWrite } from '@tsukimi/redis';
import { expect, onTestFinished, test } from 'vitest';
import { database } from '../packages/postgres/test/support/database.js';
import { startNodeProgram } from './support/child-process.js';
import { RedisServer } from './support/redis-server.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const PROGRAM = fileURLToPath(new URL('./support/fleet-member.mjs', import.meta.url));
const LIMIT_MS = 120_000;

interface Told {
  readonly member: ChildProcess;
  readonly began?: number;
  readonly aborted?: number;
  readonly leases?: readonly { readonly task: string; readonly isHeld: boolean; readonly skipped: number }[];
}

/** Three processes, and everything they have told. */
class Fleet {
  readonly told: Told[] = [];
  readonly members: readonly ChildProcess[];

  constructor(kind: string, url: string) {
    this.members = [1, 2, 3].map(() => {
      const member = fork(PROGRAM, [kind, url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
      member.on('message', (message: object) => this.told.push({ member, ...message }));
      onTestFinished(() => void member.kill('SIGKILL'));
      return member;
    });
  }

  /** The run that began last, once there is one with a higher token in a member that is not among the others. */
  async runs(after = 0, others: readonly ChildProcess[] = []): Promise<{ readonly member: ChildProcess; readonly token: number }> {
    const found = await waitUntil(
      `a run with a token above ${after}`,
      () => this.told.findLast(({ began, member }) => began !== undefined && began > after && !others.includes(member)),
      { timeoutMs: LIMIT_MS },
    );
    return { member: found.member, token: found.began as number };
  }

  async aborts(token: number): Promise<void> {
    await waitUntil(`the run with the token ${token} is aborted`, () => this.told.some(({ aborted }) => aborted === token), {
      timeoutMs: LIMIT_MS,
    });
  }

  /** The leases as a member sees them. */
  async leasesOf(member: ChildProcess): Promise<NonNullable<Told['leases']>> {
    const before = this.told.length;
    member.send('leases');
    return await waitUntil(
      'the leases',
      () => this.told.slice(before).find((each) => each.member === member && each.leases !== undefined)?.leases,
      { timeoutMs: LIMIT_MS },
    );
  }
}

/** @returns the tokens of the suspended member, which is stale, and of the one that took over */
async function takeOvers(fleet: Fleet): Promise<{ readonly stale: number; readonly latest: number }> {
  const first = await fleet.runs();
  first.member.kill('SIGKILL');
  const second = await fleet.runs(first.token, [first.member]);
  second.member.kill('SIGSTOP');
  const third = await fleet.runs(second.token, [first.member, second.member]);
  expect(third.token).toBeGreaterThan(second.token);
  second.member.kill('SIGCONT');
  await fleet.aborts(second.token);
  const [waiting] = await fleet.leasesOf(second.member);
  expect(waiting?.task).toBe('send');
  expect(waiting?.skipped).toBeGreaterThan(0);
  // Two members never had the same token.
  const runs = fleet.told.filter(({ began }) => began !== undefined);
  expect(new Set(runs.map(({ began }) => began)).size).toBe(runs.length);
  return { stale: second.token, latest: Math.max(...runs.map(({ began }) => began as number)) };
}

const redis = requireBinary('redis-server');

test.skipIf(redis.skipReason !== undefined)('with Redis', { timeout: 4 * LIMIT_MS }, async () => {
  await using server = await RedisServer.start(redis.path as string, { isDurable: false });
  const { url } = server;
  const { stale, latest } = await takeOvers(new Fleet('redis', url));
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  const write = (token: number, text: string) => fencedWrite(client, { fence: 'fence', token, commands: [['SET', 'report', text]] });
  await write(latest, 'latest');
  await expect(write(stale, 'stale')).rejects.toMatchObject({ code: 'TSK_ERR_REDIS_STALE_TOKEN' });
  expect(await client.get('report')).toBe('latest');
  client.destroy();
});

test('with PostgreSQL', { timeout: 4 * LIMIT_MS }, async () => {
  const { url, pool } = await database('CREATE TABLE reports (text text)');
  const fleet = new Fleet('postgres', url);
  const { stale } = await takeOvers(fleet);
  const client = await pool().connect();
  onTestFinished(() => client.release());
  await client.query('BEGIN');
  const [current] = (await client.query('SELECT token FROM tsukimi_leases WHERE name = $1', ['fleet/send'])).rows;
  await requireToken(client, { lease: 'fleet/send', token: Number(current.token) });
  await client.query("INSERT INTO reports VALUES ('latest')");
  await client.query('COMMIT');
  await client.query('BEGIN');
  await expect(requireToken(client, { lease: 'fleet/send', token: stale })).rejects.toMatchObject({ code: 'TSK_ERR_POSTGRES_STALE_TOKEN' });
  await client.query('ROLLBACK');
  expect((await client.query('SELECT text FROM reports')).rows).toEqual([{ text: 'latest' }]);
});

test.skipIf(redis.skipReason !== undefined)(
  'two applications with two workers each run it in one of the four',
  { timeout: 4 * LIMIT_MS },
  async () => {
    await using server = await RedisServer.start(redis.path as string, { isDurable: false });
    const start = () =>
      startNodeProgram(PROGRAM, {
        args: ['redis', server.url],
        environment: { TSUKIMI_SERVER_WORKERS: '2', TSUKIMI_SERVER_SHUTDOWN_TIMEOUT_MS: '1000' },
      });
    await using one = start();
    await using other = start();
    const runs = () =>
      [one, other].flatMap((program) =>
        [...program.output.stdout.matchAll(/^\{"began":(\d+),"pid":(\d+)\}$/gm)].map(([, token, pid]) => ({
          program,
          token: Number(token),
          pid: Number(pid),
        })),
      );
    const runAfter = (token: number, isAsked: (run: ReturnType<typeof runs>[number]) => boolean = () => true) =>
      waitUntil(`a run after ${token}`, () => runs().find((run) => run.token > token && isAsked(run)), { timeoutMs: LIMIT_MS });

    const first = await runAfter(0);
    // The worker that holds the lease is killed: another one gets it, of whichever application.
    process.kill(first.pid, 'SIGKILL');
    const second = await runAfter(first.token, ({ pid }) => pid !== first.pid);
    // The whole application is told to stop, and cuts the run off, which does not end by itself: the other one gets it.
    second.program.signal('SIGTERM');
    await runAfter(second.token, ({ program }) => program !== second.program);
    expect(await second.program.exited).toEqual({ code: 1, signal: null });
    // No two workers had the same token, so none ran the task beside another.
    expect(new Set(runs().map(({ token }) => token)).size).toBe(runs().length);
  },
);
