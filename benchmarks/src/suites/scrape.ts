/** A scrape of 10,000 histogram series as a scraper sees it: over HTTP, to the last byte, ours and prom-client's behind the same Fastify. */
import { type FastifyInstance, fastify } from 'fastify';
import { Histogram, Registry } from 'prom-client';
import { type HistogramSeries, httpInstrumentation, MetricsRegistry } from 'tsukimi';
import { successor } from '../support/peers.js';
import { median } from '../support/rounds.js';
import { atLeast, atMost, format, type Row } from '../support/row.js';
import { type ScrapeRequest, Scraper } from '../support/scraper.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import { cpuOf, watched } from '../support/watched.js';

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABELS = ['component', 'method'];
const NAMES: Readonly<Record<string, string>> = {
  text: 'ours',
  protobuf: 'ours as protobuf',
  promClient: 'prom-client',
  nextPeer: '@prometheus-io/client',
};
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

interface Subject {
  readonly request: ScrapeRequest;
  /** Adds a value to every n-th series. */
  change(every: number): void;
}

interface Measured {
  /** Milliseconds from the request to the last byte, as the scraper sees it. */
  readonly time: number;
  /** Milliseconds of the longest time without a turn of the server's event loop. */
  readonly block: number;
  /** Milliseconds of CPU time that the server uses. */
  readonly cpu: number;
  readonly bytes: number;
}

await runSuite(scrape);

async function scrape({ quick }: SuiteOptions): Promise<Row[]> {
  const [count, rounds] = quick ? [200, 2] : [10_000, 11];
  const app = fastify();
  const { registry, subject: text } = await tsukimi(app, count);
  const promClient = peer(app, { count, path: '/prom-client', module: { Histogram, Registry } });
  const next = await successor();
  const nextPeer = next && peer(app, { count, path: '/next-peer', module: next });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const at = (subject: Subject): Subject => ({ ...subject, request: { ...subject.request, url: origin + subject.request.url } });
  const protobuf: Subject = { ...text, request: { ...text.request, headers: { accept: PROTOBUF } } };
  const scraper = new Scraper();
  const subjects: Record<string, Subject> = {
    text: at(text),
    protobuf: at(protobuf),
    promClient: at(promClient),
    ...(nextPeer && { nextPeer: at(nextPeer) }),
  };
  const all = await compare(scraper, subjects, { every: 1, rounds });
  const some = await compare(scraper, { text: at(text), promClient: at(promClient) }, { every: 10, rounds });
  const together = await twoAtOnce(registry, text, rounds);
  const exposed = await expose(registry, text, rounds);
  scraper.stop();
  await app.close();
  const ratio = (measured: Readonly<Record<string, Measured>>, part: keyof Measured, [of, to]: readonly [string, string]) =>
    (measured[of]?.[part] ?? Number.NaN) / (measured[to]?.[part] ?? Number.NaN);
  const times = (measured: Readonly<Record<string, Measured>>) => listed(measured, ({ time }) => `${format(time)} ms`);
  return [
    atLeast(`scrape over HTTP to the last byte, ${count} histogram series, all changed, against prom-client`, 8, {
      value: ratio(all, 'time', ['promClient', 'text']),
      unit: 'x faster',
      detail: times(all),
    }),
    atLeast('the same, one in ten changed', 8, {
      value: ratio(some, 'time', ['promClient', 'text']),
      unit: 'x faster',
      detail: times(some),
    }),
    atMost('longest event-loop block during that scrape', 8, {
      value: Math.max(all['text']?.block ?? Number.NaN, some['text']?.block ?? Number.NaN),
      unit: ' ms',
      detail: listed(all, ({ block }) => `${format(block)} ms`),
    }),
    atMost('two scrapes at once, against one, without HTTP', 1.2, {
      value: together.two / together.one,
      unit: 'x',
      detail: `one ${format(together.one)} ms, two ${format(together.two)} ms`,
    }),
    atMost('longest event-loop block of expose(), one string', 10, {
      value: exposed.block,
      unit: ' ms',
      detail: `${format(exposed.time)} ms in all`,
    }),
    atMost('bytes of a protobuf scrape with native histograms, without gzip, against text', 0.7, {
      value: ratio(all, 'bytes', ['protobuf', 'text']),
      unit: 'x',
      detail: listed(all, ({ bytes }) => `${format(bytes / 1e6)} MB`),
    }),
    atMost('CPU of a protobuf scrape over HTTP, against text', 1, {
      value: ratio(all, 'cpu', ['protobuf', 'text']),
      unit: 'x',
      detail: listed(all, ({ cpu }) => `${format(cpu)} ms`),
    }),
  ];
}

async function tsukimi(app: FastifyInstance, count: number): Promise<{ registry: MetricsRegistry; subject: Subject }> {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: count });
  const options = { name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, buckets: BUCKETS };
  const histogram = registry.histogram(options);
  const series = Array.from(
    { length: count },
    (_, id): HistogramSeries => histogram.labels({ component: `Component${id % 100}`, method: `method${id}` }),
  );
  await app.register(httpInstrumentation, { registry, processMetrics: false });
  const change = (every: number) => {
    for (let id = 0; id < count; id += every) series[id]?.observe(Math.random());
  };
  return { registry, subject: { change, request: { url: '/metrics/prometheus' } } };
}

interface Peer {
  readonly count: number;
  readonly path: string;
  readonly module: PeerModule;
}

type PeerModule = { readonly Histogram: typeof Histogram; readonly Registry: typeof Registry };

function peer(app: FastifyInstance, { count, path, module }: Peer): Subject {
  const registry = new module.Registry();
  const options = { name: 'duration_seconds', help: 'Durations.', labelNames: LABELS, buckets: BUCKETS, registers: [registry] };
  const histogram = new module.Histogram(options);
  app.get(path, async (_request, reply) => {
    void reply.type(registry.contentType);
    return registry.metrics();
  });
  const change = (every: number) => {
    for (let id = 0; id < count; id += every)
      histogram.observe({ component: `Component${id % 100}`, method: `method${id}` }, Math.random());
  };
  return { change, request: { url: path } };
}

interface Comparison {
  readonly every: number;
  readonly rounds: number;
}

async function compare(
  scraper: Scraper,
  subjects: Readonly<Record<string, Subject>>,
  { every, rounds }: Comparison,
): Promise<Record<string, Measured>> {
  const turns = new Map<string, Measured[]>(Object.keys(subjects).map((name) => [name, []]));
  for (const subject of Object.values(subjects)) {
    subject.change(1);
    await scraper.scrape(subject.request);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      subject.change(every);
      globalThis.gc?.();
      // Measured one after the other: watching the event loop keeps the processor busy.
      const { cpu, result } = await cpuOf(() => scraper.scrape(subject.request));
      subject.change(every);
      const { block } = await watched(() => scraper.scrape(subject.request));
      turns.get(name)?.push({ cpu, block, time: result.milliseconds, bytes: result.bytes });
    }
  }
  const medians = (values: readonly Measured[]): Measured => ({
    time: median(values.map(({ time }) => time)),
    block: median(values.map(({ block }) => block)),
    cpu: median(values.map(({ cpu }) => cpu)),
    bytes: median(values.map(({ bytes }) => bytes)),
  });
  return Object.fromEntries([...turns].map(([name, values]) => [name, medians(values)]));
}

/** Without HTTP: what is sent twice costs twice. */
async function twoAtOnce(registry: MetricsRegistry, { change }: Subject, rounds: number): Promise<{ one: number; two: number }> {
  const read = async () => {
    for await (const _ of registry.exposeStream());
  };
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    change(1);
    one.push((await cpuOf(read)).cpu);
    change(1);
    two.push((await cpuOf(() => Promise.all([read(), read()]))).cpu);
  }
  return { one: median(one), two: median(two) };
}

async function expose(registry: MetricsRegistry, { change }: Subject, rounds: number): Promise<{ time: number; block: number }> {
  const turns: { time: number; block: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    change(1);
    globalThis.gc?.();
    turns.push(await watched(() => registry.expose()));
  }
  return { time: median(turns.map(({ time }) => time)), block: median(turns.map(({ block }) => block)) };
}

function listed(measured: Readonly<Record<string, Measured>>, figure: (measured: Measured) => string): string {
  return Object.entries(measured)
    .map(([name, values]) => `${NAMES[name]} ${figure(values)}`)
    .join(', ');
}
