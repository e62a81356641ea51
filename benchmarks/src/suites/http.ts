/** Requests per second and CPU time per request: bare Fastify, ours with three component layers, the same with its route left out and with each option, and fastify-metrics. Load by wrk. */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { median } from '../support/rounds.js';
import { atLeast, atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const KINDS = ['bare', 'tsukimi', 'left-out', 'sizes', 'status-class', 'request-labels', 'fastify-metrics'] as const;
type Kind = (typeof KINDS)[number];

/** What is off unless it is asked for, and what it may cost. */
const OPTIONS = [
  ['body sizes', 'sizes', 1.15],
  ['the label status_class', 'status-class', 1.03],
  ['a label that a function computes of each request', 'request-labels', 1.1],
] as const satisfies readonly (readonly [what: string, kind: Kind, budget: number])[];

const CONNECTIONS = 20;
const run = promisify(execFile);

await runSuite(http);

async function http({ quick }: SuiteOptions): Promise<Row[]> {
  if (!(await isInstalled('wrk')))
    return [
      { what: 'Fastify requests/s', budget: '', measured: 'skipped', holds: undefined, detail: 'wrk is not on PATH (Debian package wrk)' },
    ];
  const pinned = await isInstalled('taskset');
  const rounds = quick ? 1 : 9;
  const turns: Record<Kind, Turn>[] = [];
  const servers: Server[] = [];
  for (const kind of KINDS) {
    const server = await start(kind, pinned);
    // Right after its start: of equal servers that idled for some seconds before their first request, some stayed a third slower for good.
    if (!quick) await server.measure(3);
    servers.push(server);
  }
  for (let round = 0; round < rounds; round += 1) {
    const turn: Partial<Record<Kind, Turn>> = {};
    // The order turns as well: whatever the machine does at one moment meets each kind in turn.
    for (const [index] of KINDS.entries()) {
      const server = servers[(index + round) % KINDS.length] as Server;
      turn[server.kind] = await server.measure(quick ? 1 : 2, { warmUp: !quick });
    }
    turns.push(turn as Record<Kind, Turn>);
  }
  for (const server of servers) server.stop();
  const rates = (kind: Kind) => median(turns.map((turn) => turn[kind].requestsPerSecond));
  const cpu = (kind: Kind) => median(turns.map((turn) => turn[kind].cpuMicroseconds));
  const ratio = (part: keyof Turn, kind: Kind, against: Kind) => median(turns.map((turn) => turn[kind][part] / turn[against][part]));
  const detail = (part: (kind: Kind) => number, unit: string) => KINDS.map((kind) => `${kind} ${format(part(kind))}${unit}`).join(', ');
  return [
    atLeast('Fastify requests/s, HTTP and three component layers instrumented, against bare', 0.95, {
      value: ratio('requestsPerSecond', 'tsukimi', 'bare'),
      unit: 'x',
      detail: detail(rates, '/s'),
    }),
    atMost('server CPU per request, against bare', 1.06, {
      value: ratio('cpuMicroseconds', 'tsukimi', 'bare'),
      unit: 'x',
      detail: detail(cpu, ' us'),
    }),
    atLeast('requests/s against fastify-metrics 13', 1.4, {
      value: ratio('requestsPerSecond', 'tsukimi', 'fastify-metrics'),
      unit: 'x',
      detail: '',
    }),
    atMost('server CPU per request to a route that is left out, against the same route measured', 1, {
      value: ratio('cpuMicroseconds', 'left-out', 'tsukimi'),
      unit: 'x',
      detail: '',
    }),
    ...OPTIONS.map(([what, kind, budget]) =>
      atMost(`server CPU per request with ${what}, against the same without`, budget, {
        value: ratio('cpuMicroseconds', kind, 'tsukimi'),
        unit: 'x',
        detail: '',
      }),
    ),
  ];
}

interface Turn {
  readonly requestsPerSecond: number;
  /** CPU time of the server for one request. */
  readonly cpuMicroseconds: number;
}

interface Server {
  readonly kind: Kind;
  measure(seconds: number, options?: { readonly warmUp: boolean }): Promise<Turn>;
  stop(): void;
}

/**
 * Starts a server. Pinned, it has one core to itself and the load another: moved about by the scheduler, two equal servers were up to 30 % apart.
 */
async function start(kind: Kind, pinned: boolean): Promise<Server> {
  const child = fork(new URL('../support/http-server.js', import.meta.url), [kind], { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  if (pinned) await run('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(child.pid)]);
  const cpuTime = async (): Promise<number> => {
    child.send('cpu');
    return ((await once(child, 'message')) as [number])[0];
  };
  const load = async (seconds: number): Promise<string> => {
    const wrk = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, `http://127.0.0.1:${port}/orders/7`];
    const [command = '', ...args] = pinned ? ['taskset', '--cpu-list', '1', ...wrk] : wrk;
    const { stdout } = await run(command, args);
    if (/Non-2xx/.test(stdout)) throw new Error(stdout);
    return stdout;
  };
  return {
    kind,
    stop: () => child.kill(),
    async measure(seconds, { warmUp } = { warmUp: true }) {
      // A server that has waited for its turn is slow at first: its memory has been put away.
      if (warmUp) await load(1);
      const before = await cpuTime();
      const report = await load(seconds);
      const cpu = (await cpuTime()) - before;
      const requests = Number(/(\d+) requests in/.exec(report)?.[1]);
      return { requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]), cpuMicroseconds: cpu / requests };
    },
  };
}

async function isInstalled(command: string): Promise<boolean> {
  return run('which', [command]).then(
    () => true,
    () => false,
  );
}
