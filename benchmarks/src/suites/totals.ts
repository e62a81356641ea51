/** What the totals of several workers cost: a scrape of all of them, and what each worker sends every second. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../support/free-port.js';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { Scraper } from '../support/scraper.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import type { Order } from '../support/totals-server.js';

await runSuite(totals);

async function totals({ quick }: SuiteOptions): Promise<Row[]> {
  const series = quick ? 50 : 1000;
  const [one, few, many] = quick ? ([1, 2, 3] as const) : ([1, 4, 8] as const);
  const times = new Map<number, number>();
  for (const workers of [one, few, many]) times.set(workers, await scrapeTime({ workers, series }, quick ? 2 : 21));
  const growth = (workers: number): Row =>
    atMost(`scrape with ${workers} workers of ${series} histogram series each, all changed, against one process`, workers, {
      value: (times.get(workers) ?? Number.NaN) / (times.get(one) ?? Number.NaN),
      unit: 'x',
      detail: [one, workers].map((each) => `${each}: ${format(times.get(each) ?? Number.NaN)} ms`).join(', '),
    });
  return [growth(few), growth(many), ...(await costs(series, quick ? 1 : 10))];
}

/** Milliseconds of a scrape by HTTP to the last byte, of whichever worker answers. */
async function scrapeTime(parts: ServerParts, rounds: number): Promise<number> {
  const server = await start(parts);
  const scraper = new Scraper();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await server.order({ order: 'change' });
    const { milliseconds } = await scraper.scrape({ url: server.url });
    if (round > 0) times.push(milliseconds); // the first one sends all labels
  }
  scraper.stop();
  await server.stop();
  return median(times);
}

async function costs(series: number, seconds: number): Promise<Row[]> {
  const server = await start({ workers: 2, series });
  const cost = async (kind: 'none' | 'counters' | 'histograms' | 'summaries'): Promise<number> =>
    median((await server.order({ order: 'cost', kind, seconds })) as number[]) / seconds;
  const rows: Row[] = [];
  for (const kind of ['counters', 'histograms', 'summaries'] as const) {
    await cost(kind); // warms up, and sends all labels
    const [idle, busy] = [await cost('none'), await cost(kind)];
    rows.push(
      atMost(`CPU that ${series} changed ${kind} cost a worker each second, to be sent to the primary`, 2, {
        value: busy - idle,
        unit: ' ms',
        detail: `with changes ${format(busy)} ms, without ${format(idle)} ms`,
      }),
    );
  }
  await server.stop();
  return rows;
}

interface ServerParts {
  readonly workers: number;
  /** The number of series in each of them. */
  readonly series: number;
}

interface Server {
  readonly url: string;
  /** Resolves with the answers of all workers. */
  order(order: Order): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

async function start({ workers, series }: ServerParts): Promise<Server> {
  const port = await freePort();
  const program = new URL('../support/totals-server.js', import.meta.url);
  const child: ChildProcess = fork(program, [port, workers, series].map(String), { execArgv: [] });
  await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}/metrics/prometheus`,
    async order(order) {
      child.send(order);
      const [answers] = (await once(child, 'message')) as [readonly unknown[]];
      return answers;
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
