/** Pushing 1,000 histogram series by OTLP, all changed: against the OpenTelemetry SDK's own reader and exporter. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { otlpMetricsExporter } from '@tsukimi/opentelemetry';
import { MetricsRegistry } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import { cpuOf, watched } from '../support/watched.js';

const NEVER_MS = 2 ** 31 - 1;
const labelsOf = (id: number) => ({ method: 'GET', path: `/api/things/${id}` });
/** What each series records before each push. */
const VALUES = Array.from({ length: 20 }, (_, index) => 0.001 * 1.3 ** index);

/** Takes requests in a process of its own, so that its CPU time is not counted. */
const RECEIVER = `require('node:http').createServer((request, response) => request.resume().on('end', () => response.end()))
  .listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;

await runSuite(otlp);

async function otlp({ quick }: SuiteOptions): Promise<Row[]> {
  const [count, rounds] = quick ? [50, 2] : [1_000, 31];
  const receiver = spawn(process.execPath, ['-e', RECEIVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(receiver.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const subjects = { ours: ours(count, url), sdk: sdk(count, url) };
  const cpu: Record<keyof typeof subjects, number[]> = { ours: [], sdk: [] };
  const blocks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ours', 'sdk'] as const) {
      subjects[name].record();
      globalThis.gc?.();
      cpu[name].push((await cpuOf(subjects[name].push)).cpu);
    }
    subjects.ours.record();
    globalThis.gc?.();
    blocks.push((await watched(subjects.ours.push)).block);
  }
  await Promise.all([subjects.ours.close(), subjects.sdk.close()]);
  receiver.kill();
  const [mine, theirs, block] = [median(cpu.ours), median(cpu.sdk), median(blocks)];
  return [
    atMost(`CPU of a push of ${count} histogram series by OTLP, all changed, against the OpenTelemetry SDK`, 1, {
      value: mine / theirs,
      unit: 'x',
      detail: `ours ${format(mine)} ms, its reader and exporter ${format(theirs)} ms`,
    }),
    atMost('longest event-loop block of that push', 10, { value: block, unit: ' ms', detail: '' }),
  ];
}

interface Subject {
  record(): void;
  push(): Promise<void>;
  close(): Promise<void>;
}

function ours(count: number, endpoint: string): Subject {
  const registry = new MetricsRegistry();
  const histogram = registry.histogram({ name: 'http_request_duration_seconds', help: 'h', labelNames: ['method', 'path'] });
  const series = Array.from({ length: count }, (_, id) => histogram.labels(labelsOf(id)));
  const exporter = otlpMetricsExporter(registry, { endpoint });
  const { signal } = new AbortController();
  let sequence = 0;
  return {
    record() {
      for (const each of series) for (const value of VALUES) each.observe(value);
    },
    async push() {
      sequence += 1;
      await exporter.send(await exporter.read(), { signal, sequence, isRepeated: false });
    },
    async close() {
      await exporter.close?.();
    },
  };
}

function sdk(count: number, endpoint: string): Subject {
  const exporter = new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: NEVER_MS, exportTimeoutMillis: 60_000 });
  const views = [
    { instrumentName: '*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM }, aggregationCardinalityLimit: 10_000 },
  ];
  const provider = new MeterProvider({ readers: [reader], views: views as never });
  const histogram = provider.getMeter('benchmarks').createHistogram('http.server.request.duration', { unit: 's' });
  const labels = Array.from({ length: count }, (_, id) => labelsOf(id));
  return {
    record() {
      for (const each of labels) for (const value of VALUES) histogram.record(value, each);
    },
    push: () => reader.forceFlush(),
    close: () => provider.shutdown(),
  };
}
