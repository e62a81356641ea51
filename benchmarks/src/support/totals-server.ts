/** An application whose workers have the same series, to be scraped. Sends `ready` when all listen, and answers `change` and `cost`. */
import { setTimeout as delay } from 'node:timers/promises';
import { Application, Controller, type Extension, Get, Instrumented, MetricsRegistry, runApplication } from 'tsukimi';

const CHANNEL = 'benchmark';
const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABELS = ['component', 'method'] as const;
const [, , port = '0', workerCount = '1', seriesCount = '1000'] = process.argv;

/** What the server is asked to do in each of its workers. */
export type Order =
  /** Adds a value to each series. */
  | { readonly order: 'change' }
  /** Tells the CPU time of these seconds in milliseconds, the changes themselves not counted. */
  | { readonly order: 'cost'; readonly kind: 'none' | 'counters' | 'histograms' | 'summaries'; readonly seconds: number };

@Controller('/')
class Hello {
  @Get('/')
  hello(): string {
    return 'hello';
  }
}

@Instrumented()
@Application({ components: [Hello] })
class Shop {}

const obeying = (): Extension => ({
  name: 'obeying',
  started({ resolve, worker }) {
    const obey = ordersOf(resolve(MetricsRegistry));
    if (worker !== undefined) worker.onAsked(CHANNEL, (order) => obey(order as Order));
    else listen((order) => Promise.all([obey(order)]));
  },
  primary({ workers }) {
    let ready = 0;
    workers.onReady(() => {
      ready += 1;
      if (ready === workers.count) process.send?.('ready');
    });
    listen((message) =>
      Promise.all(workers.all().map(({ worker }) => workers.ask(worker, { channel: CHANNEL, message, timeoutMs: 60_000 }))),
    );
  },
});

const configuration = {
  server: { port: Number(port), workers: Number(workerCount) },
  logging: { level: 'warn' },
  metrics: { max_series_per_metric: 10_000 },
};
await runApplication(Shop, { configuration, extensions: [obeying] });
if (workerCount === '1') process.send?.('ready');

function listen(obey: (order: Order) => Promise<unknown>): void {
  process.on('message', (order: Order) => void obey(order).then((answers) => process.send?.(answers)));
  process.on('disconnect', () => process.exit());
}

function ordersOf(registry: MetricsRegistry): (order: Order) => unknown {
  const histogram = registry.histogram({ name: 'work_seconds', help: 'Durations.', labelNames: LABELS, buckets: BUCKETS });
  const counter = registry.counter({ name: 'work_total', help: 'Work.', labelNames: LABELS });
  const summary = registry.summary({ name: 'work_size_bytes', help: 'Sizes.', labelNames: LABELS });
  const labels = Array.from({ length: Number(seriesCount) }, (_, id) => ({ component: `Component${id % 100}`, method: `method${id}` }));
  const histograms = labels.map((each) => histogram.labels(each));
  const counters = labels.map((each) => counter.labels(each));
  // Only where they are asked for, because a scrape of all histograms is compared with that of one process.
  let summaries: ReturnType<typeof summary.labels>[] = [];
  const change = {
    none: () => undefined,
    counters: () => {
      for (const each of counters) each.inc();
    },
    histograms: () => {
      for (const each of histograms) each.observe(Math.random());
    },
    summaries: () => {
      if (summaries.length === 0) summaries = labels.map((each) => summary.labels(each));
      for (const each of summaries) each.observe(Math.random());
    },
  };
  return (order) => (order.order === 'change' ? change.histograms() : costOf(change[order.kind], order.seconds));
}

/** @returns milliseconds of CPU time: at least what the event loop is busy for, and not more if other programs run */
async function costOf(change: () => void, seconds: number): Promise<number> {
  const before = process.cpuUsage();
  let changingMs = 0;
  for (let second = 0; second < seconds; second += 1) {
    changingMs += cpuMs(process.cpuUsage(cpuAfter(change)));
    await delay(1000);
  }
  return cpuMs(process.cpuUsage(before)) - changingMs;
}

function cpuAfter(run: () => void): NodeJS.CpuUsage {
  const before = process.cpuUsage();
  run();
  return before;
}

function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
