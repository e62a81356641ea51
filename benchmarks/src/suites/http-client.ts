/** What measuring adds to the CPU time of an outgoing request: of fetch and of node:http, to a server in this process that answers at once. */
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsRegistry, measureHttpClient } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const KINDS = ['bare', 'ours', 'off'] as const;
type Kind = (typeof KINDS)[number];

await runSuite(httpClient);

async function httpClient({ quick }: SuiteOptions): Promise<Row[]> {
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const agent = new Agent({ keepAlive: true });
  const byFetch = await inTurns(async () => void (await (await fetch(url)).text()), quick);
  const byGet = await inTurns(async () => {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
  }, quick);
  agent.destroy();
  server.close();
  server.closeAllConnections();
  return [
    row('CPU of a fetch from a server in the same process, measured, against bare', 1.1, { ours: byFetch.ours, bare: byFetch.bare }),
    row('the same by http.get', 1.1, { ours: byGet.ours, bare: byGet.bare }),
    row('the same by fetch, after measuring was stopped', 1.05, { off: byFetch.off, bare: byFetch.bare }),
  ];
}

/** CPU time, the server's included: a turn is long enough for others to disturb the clock. Subscriptions hold for the whole process. */
async function inTurns(call: () => Promise<void>, quick: boolean): Promise<Record<Kind, number>> {
  const { rounds, calls } = quick ? { rounds: 3, calls: 20 } : { rounds: 21, calls: 1000 };
  const registry = new MetricsRegistry();
  const turns: Record<Kind, number[]> = { bare: [], ours: [], off: [] };
  await repeat(call, calls);
  for (let round = 0; round < rounds; round += 1) {
    // In another order each time: what a turn leaves behind, such as garbage, meets the next one.
    for (let turn = 0; turn < KINDS.length; turn += 1) {
      const kind = KINDS[(round + turn) % KINDS.length] as Kind;
      const measurement = kind === 'ours' ? measureHttpClient(registry, { hosts: ['127.0.0.1'] }) : undefined;
      const before = process.cpuUsage();
      await repeat(call, calls);
      const { user, system } = process.cpuUsage(before);
      turns[kind].push(((user + system) * 1000) / calls);
      measurement?.stop();
    }
  }
  return { bare: median(turns.bare), ours: median(turns.ours), off: median(turns.off) };
}

async function repeat(call: () => Promise<void>, times: number): Promise<void> {
  for (let each = 0; each < times; each += 1) await call();
}

function row(what: string, limit: number, times: Readonly<Record<string, number>>): Row {
  const [measured = Number.NaN, bare = Number.NaN] = Object.values(times);
  return atMost(what, limit, { value: measured / bare, unit: 'x', detail: nanos(times) });
}
