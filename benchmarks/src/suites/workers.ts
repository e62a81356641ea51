/** Requests per second of an application with two workers, against bare Fastify in two workers of Node's cluster. Load by wrk. */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.js';
import { median } from '../support/rounds.js';
import { atLeast, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const KINDS = ['bare', 'tsukimi'] as const;
type Kind = (typeof KINDS)[number];

const WHAT = 'requests/s with 2 workers, measured, against 2 bare workers of cluster';
const CONNECTIONS = 20;
const run = promisify(execFile);

await runSuite(workers);

async function workers({ quick }: SuiteOptions): Promise<Row[]> {
  const isInstalled = await run('which', ['wrk']).then(
    () => true,
    () => false,
  );
  if (!isInstalled)
    return [{ what: WHAT, budget: '', measured: 'skipped', holds: undefined, detail: 'wrk is not on PATH (Debian package wrk)' }];
  const servers = await Promise.all(KINDS.map(start));
  const turns: Record<Kind, number>[] = [];
  for (let round = 0; round < (quick ? 1 : 9); round += 1) {
    const turn: Record<Kind, number> = { bare: 0, tsukimi: 0 };
    // The order turns as well: whatever the machine does at one moment meets each kind in turn.
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) turn[server.kind] = await server.measure(quick ? 1 : 3);
    if (round > 0 || quick) turns.push(turn); // the first one warms up
  }
  for (const server of servers) server.stop();
  return [
    atLeast(WHAT, 0.95, {
      value: median(turns.map(({ bare, tsukimi }) => tsukimi / bare)),
      unit: 'x',
      detail: KINDS.map((kind) => `${kind} ${format(median(turns.map((turn) => turn[kind])))}/s`).join(', '),
    }),
  ];
}

interface Server {
  readonly kind: Kind;
  /** The requests per second. */
  measure(seconds: number): Promise<number>;
  stop(): void;
}

async function start(kind: Kind): Promise<Server> {
  const port = await freePort();
  const child = fork(new URL('../support/workers-server.js', import.meta.url), [kind, String(port)], { execArgv: [] });
  await once(child, 'message');
  return {
    kind,
    stop: () => child.kill(),
    async measure(seconds) {
      const { stdout } = await run('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, `http://127.0.0.1:${port}/orders/7`]);
      if (/Non-2xx/.test(stdout)) throw new Error(stdout);
      return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
    },
  };
}
