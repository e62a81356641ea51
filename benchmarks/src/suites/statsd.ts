/** Pushing 1,000 series to StatsD, all changed: against sending the same lines by hot-shots alone. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { statsdExporter } from '@tsukimi/statsd';
import hotShots from 'hot-shots';
import { MetricsRegistry } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';
import { cpuOf, watched } from '../support/watched.js';

const labelsOf = (id: number) => ({ method: 'GET', path: `/api/things/${id}`, status: '200' });

await runSuite(statsd);

async function statsd({ quick }: SuiteOptions): Promise<Row[]> {
  const [count, rounds] = quick ? [50, 2] : [1_000, 31];
  // Packets to a socket that nobody reads are dropped by the kernel, and cost this process no more than the sending.
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const subjects = { ours: ours(count, socket), hotShots: alone(count, socket) };
  const cpu: Record<keyof typeof subjects, number[]> = { ours: [], hotShots: [] };
  const blocks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ours', 'hotShots'] as const) {
      globalThis.gc?.();
      cpu[name].push((await cpuOf(subjects[name].push)).cpu);
    }
    globalThis.gc?.();
    blocks.push((await watched(subjects.ours.push)).block);
  }
  await Promise.all([subjects.ours.close(), subjects.hotShots.close()]);
  socket.close();
  const [mine, theirs, block] = [median(cpu.ours), median(cpu.hotShots), median(blocks)];
  return [
    atMost(`CPU of a push of ${count} series to DogStatsD, all changed, against hot-shots with a call for each`, 1, {
      value: mine / theirs,
      unit: 'x',
      detail: `ours ${format(mine)} ms, hot-shots ${format(theirs)} ms`,
    }),
    atMost('longest event-loop block of that push', 8, { value: block, unit: ' ms', detail: '' }),
  ];
}

interface Subject {
  push(): Promise<void>;
  close(): Promise<void>;
}

function ours(count: number, socket: Socket): Subject {
  const registry = new MetricsRegistry();
  const counter = registry.counter({ name: 'http_requests_total', help: 'h', labelNames: ['method', 'path', 'status'] });
  const series = Array.from({ length: count }, (_, id) => counter.labels(labelsOf(id)));
  const exporter = statsdExporter(registry, { port: socket.address().port, mode: 'dogstatsd' });
  const { signal } = new AbortController();
  let sequence = 0;
  return {
    async push() {
      for (const each of series) each.inc();
      sequence += 1;
      await exporter.send(await exporter.read(), { signal, sequence, isRepeated: false });
    },
    async close() {
      await exporter.close?.();
    },
  };
}

function alone(count: number, socket: Socket): Subject {
  const client = new hotShots({ host: '127.0.0.1', port: socket.address().port, maxBufferSize: 1432, includeDataDogTags: false });
  const labels = Array.from({ length: count }, (_, id) => labelsOf(id));
  return {
    async push() {
      for (const tags of labels) client.increment('http.requests', 1, tags);
      await new Promise((resolve) => client.flush(resolve));
    },
    close: () => new Promise((resolve) => client.close(() => resolve())),
  };
}
