/** The process itself: memory, CPU, event loop, garbage collection, and what the metrics say of themselves. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { PROCESS_CATALOGUE } from '../families/process-catalogue.js';
import { labelTable } from '../panels/label-table.js';
import { stat } from '../panels/stat.js';
import { timeSeries } from '../panels/time-series.js';
import { equal, increase, type QueriedMetric, rate, select, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';
import { CPU_PERCENT, EVENT_LOOP_LAG_SECONDS, HEAP_BYTES } from './thresholds.js';

const { systemMemory, systemCpu, systemUptime, applicationInfo, accessDenied, scrapesRejected, seriesDropped, invalidValues } = CATALOGUE;
const { cpuUser, cpuSystem, eventLoopLagP50, eventLoopLagP99, eventLoopLagMax, heapUsed, heapTotal, garbageCollection } = PROCESS_CATALOGUE;

const BY_INSTANCE = ['instance'];

export function systemRow(): DashboardRow {
  return {
    title: 'System',
    panels: [
      uptime(),
      application(),
      cpu(),
      residentMemory(),
      virtualMemory(),
      heap(),
      eventLoopLag(),
      collectionTime(),
      collections(),
      metricsHealth(),
    ],
  };
}

function uptime() {
  return stat({
    title: 'Uptime',
    description:
      'Time since each process started. If it is short and nobody deployed, the process crashed or was killed: read its last log lines, and see whether memory rose until then. Instances that restart one after the other point at what they share.',
    unit: 'dtdurations',
    width: 8,
    height: 5,
    decimals: 1,
    thresholds: { warning: 600, critical: 60, lowIsWrong: true },
    query: { expr: select(systemUptime, ...INSTANCES), legend: '{{instance}}' },
  });
}

function application() {
  return labelTable({
    title: 'Application',
    description:
      'What runs where: name, version and Node.js version of each instance. Two versions for longer than a release takes means that it got stuck half way: see which instance has the older one.',
    unit: 'none',
    width: 16,
    height: 5,
    expr: select(applicationInfo, ...INSTANCES),
  });
}

function cpu() {
  return timeSeries({
    title: 'CPU',
    description:
      'CPU time of each process in percent of one core, and how it splits into its own code and the kernel. JavaScript runs on one core: near 100 % everything waits. Take a CPU profile then, or start more instances. Much time in the kernel is input and output, or many short connections.',
    unit: 'percent',
    width: 12,
    thresholds: CPU_PERCENT,
    queries: [
      { expr: select(systemCpu, ...INSTANCES), legend: '{{instance}}' },
      { expr: `100 * ${sumBy(BY_INSTANCE, rate(select(cpuUser, ...INSTANCES)))}`, legend: '{{instance}} own code' },
      { expr: `100 * ${sumBy(BY_INSTANCE, rate(select(cpuSystem, ...INSTANCES)))}`, legend: '{{instance}} kernel' },
    ],
  });
}

function residentMemory() {
  return timeSeries({
    title: 'Memory (RSS)',
    description:
      'Memory of each process that is in RAM. It rises after a start and should then level off. If it goes on rising over hours, compare it with the heap: both rising is a leak in JavaScript (take two heap snapshots and compare them), only this one rising is buffers or native code.',
    unit: 'bytes',
    width: 12,
    thresholds: { warning: 1024 ** 3, critical: 2 * 1024 ** 3 },
    queries: [{ expr: select(systemMemory, ...INSTANCES, equal('type', 'rss')), legend: '{{instance}}' }],
  });
}

function virtualMemory() {
  return timeSeries({
    title: 'Memory (virtual)',
    description:
      'Address space of each process, used or only reserved. Tens of gigabytes are normal for Node.js; a line that climbs in steps and never falls is memory that is mapped and not given back: look at native modules and worker threads.',
    unit: 'bytes',
    width: 12,
    queries: [{ expr: select(systemMemory, ...INSTANCES, equal('type', 'vms')), legend: '{{instance}}' }],
  });
}

function heap() {
  return timeSeries({
    title: 'Memory (heap)',
    description:
      'JavaScript objects, and the heap that V8 holds for them. A saw-tooth is garbage that is collected. If its lowest points rise from tooth to tooth, objects are kept that nobody needs: caches without a limit, listeners that are never removed. Near the limit of V8 the process ends.',
    unit: 'bytes',
    width: 12,
    thresholds: HEAP_BYTES,
    queries: [
      { expr: select(heapUsed, ...INSTANCES), legend: '{{instance}} used' },
      { expr: select(heapTotal, ...INSTANCES), legend: '{{instance}} held' },
    ],
  });
}

function eventLoopLag() {
  return timeSeries({
    title: 'Event-loop lag',
    description:
      'How much later than asked for the event loop gets to its work: p50, p99 and the longest since the scrape before. Above 100 ms every request waits for code that does not yield: a large JSON, a regular expression, a loop over many records, synchronous file access. Find it with a CPU profile.',
    unit: 's',
    width: 12,
    thresholds: EVENT_LOOP_LAG_SECONDS,
    queries: [
      { expr: select(eventLoopLagP50, ...INSTANCES), legend: '{{instance}} p50' },
      { expr: select(eventLoopLagP99, ...INSTANCES), legend: '{{instance}} p99' },
      { expr: select(eventLoopLagMax, ...INSTANCES), legend: '{{instance}} longest' },
    ],
  });
}

function collectionTime() {
  return timeSeries({
    title: 'Time in garbage collection',
    description:
      'Share of the time that each process spends collecting garbage, by kind. Above 5 % too many objects are made, or the heap is near its limit: much "minor" is many short-lived objects, much "major" is a heap that is full. Look at what large requests build up in memory.',
    unit: 'percentunit',
    width: 12,
    thresholds: { warning: 0.05, critical: 0.2 },
    queries: [{ expr: ofCollections('_sum'), legend: '{{instance}} {{kind}}' }],
  });
}

function collections() {
  return timeSeries({
    title: 'Garbage collections',
    description:
      'Collections per second, by kind. Minor ones are short and frequent; major ones stop the process for longer. If major ones become frequent while the heap does not shrink, memory is about to run out: see "Memory (heap)".',
    unit: 'collections/s',
    width: 12,
    thresholds: { warning: 20, critical: 100 },
    queries: [{ expr: ofCollections('_count'), legend: '{{instance}} {{kind}}' }],
  });
}

function ofCollections(suffix: '_sum' | '_count'): string {
  return sumBy([...BY_INSTANCE, 'kind'], rate(select({ name: `${garbageCollection.name}${suffix}` }, ...INSTANCES)));
}

function metricsHealth() {
  return timeSeries({
    title: 'Metrics themselves',
    description:
      'What was not recorded, or not given out. Series over the budget: a label has too many values, which the log names; use fewer, or raise metrics.max_series_per_metric. Invalid values: a mistake in the code that records, named in the log. Denied requests: an address that metrics.allowed_ips does not have; if it is your Prometheus, add it. Rejected scrapes: more of them than the endpoints allow, which the log names.',
    unit: 'short',
    width: 12,
    thresholds: { warning: 1, critical: 100 },
    queries: [
      { expr: happened(seriesDropped), legend: 'series over the budget' },
      { expr: happened(invalidValues), legend: 'invalid values' },
      { expr: happened(accessDenied), legend: 'denied requests' },
      { expr: happened(scrapesRejected), legend: 'rejected scrapes' },
    ],
  });
}

/** 0 where it has never happened: such a counter has no series yet. */
function happened(metric: QueriedMetric): string {
  return `${sumBy([], increase(select(metric, ...INSTANCES)))} or vector(0)`;
}
