/** The row of the process: memory, CPU, event loop, garbage collection, and the metrics about the metrics. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { PROCESS_CATALOGUE } from '../families/process-catalogue.js';
import { labelTable } from '../panels/label-table.js';
import { stat } from '../panels/stat.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { equal, increase, type Matcher, matching, maxBy, type QueriedMetric, rate, select, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import { CPU_PERCENT, EVENT_LOOP_LAG_SECONDS, EVENT_LOOP_UTILIZATION, HEAP_BYTES } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

const { systemMemory, systemCpu, systemUptime, applicationInfo, eventLoopUtilization: utilization, mainThreadCpu } = CATALOGUE;
const { accessDenied, scrapesRejected, seriesDropped, invalidValues, exporterUp, exporterPushes, exporterLastSuccess } = CATALOGUE;
const { cpuUser, cpuSystem, eventLoopLagP50, eventLoopLagP99, eventLoopLagMax, heapUsed, heapTotal, garbageCollection } = PROCESS_CATALOGUE;

const BY_INSTANCE = ['instance'];
const BY_EXPORTER = ['instance', 'exporter'];
const COLLECTIONS = { metric: garbageCollection, matchers: INSTANCES, by: [...BY_INSTANCE, 'kind'] };

/** @param hasExporters whether the application has exporters */
export function systemRow(histograms: HistogramQueries, hasExporters: boolean): DashboardRow {
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
      eventLoopUtilization(),
      collectionTime(histograms),
      collections(histograms),
      metricsHealth(),
      ...(hasExporters ? [exporters()] : []),
    ],
  };
}

function uptime() {
  return stat({
    title: 'Uptime',
    description:
      'Time since each process started. If it is short without a deployment, the process crashed or was killed: read its last log lines, and check whether its memory rose before. If instances restart one after the other, look for a cause that they share.',
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
      'Name, version and Node.js version of each instance. If there are two versions for longer than a release takes, the release is stuck: find the instance with the older version.',
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
      'CPU time of each process in percent of one core, split into user and kernel time. JavaScript runs on one core: near 100 %, everything waits. Take a CPU profile, or start more instances. High kernel time means much input and output, or many short connections. If the main thread uses less than the process, the rest is garbage collection, compression, encryption or worker threads; Node.js reports the main thread from 22.19 and 24.6 on.',
    unit: 'percent',
    width: 12,
    thresholds: CPU_PERCENT,
    queries: [
      { expr: select(systemCpu, ...INSTANCES), legend: '{{instance}}' },
      { expr: `100 * ${sumBy(BY_INSTANCE, rate(select(cpuUser, ...INSTANCES)))}`, legend: '{{instance}} own code' },
      { expr: `100 * ${sumBy(BY_INSTANCE, rate(select(cpuSystem, ...INSTANCES)))}`, legend: '{{instance}} kernel' },
      { expr: `100 * ${sumBy(BY_INSTANCE, rate(select(mainThreadCpu, ...INSTANCES)))}`, legend: '{{instance}} main thread' },
    ],
  });
}

function residentMemory() {
  return timeSeries({
    title: 'Memory (RSS)',
    description:
      'Resident memory of each process. It rises after a start and should then level off. If it keeps rising for hours, compare it with the heap. If both rise, there is a leak in JavaScript: take two heap snapshots and compare them. If only this one rises, the cause is buffers or native code.',
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
      'Address space of each process, used or only reserved. Tens of gigabytes are normal for Node.js. If a line climbs in steps and never falls, mapped memory is not released: check native modules and worker threads.',
    unit: 'bytes',
    width: 12,
    queries: [{ expr: select(systemMemory, ...INSTANCES, equal('type', 'vms')), legend: '{{instance}}' }],
  });
}

function heap() {
  return timeSeries({
    title: 'Memory (heap)',
    description:
      'JavaScript objects, and the heap that V8 reserves for them. A sawtooth is normal garbage collection. If its low points keep rising, the program keeps objects that it no longer needs, such as caches without a limit or listeners that are never removed. At the limit of V8 the process crashes.',
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
      'The delay of the event loop: p50, p99 and the maximum since the previous scrape. Above 100 ms, every request waits for code that does not yield: large JSON, a regular expression, a loop over many records, synchronous file access. Find it with a CPU profile.',
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

function eventLoopUtilization() {
  return timeSeries({
    title: 'Event-loop utilization',
    description:
      'Share of time that the event loop was busy, for each sample. Near 1, the process has no time left, and requests queue. If the CPU is busy too, add instances or take a CPU profile. If it is not, something blocks the loop without computing, such as synchronous file access.',
    unit: 'percentunit',
    width: 12,
    max: 1,
    thresholds: EVENT_LOOP_UTILIZATION,
    queries: [{ expr: select(utilization, ...INSTANCES), legend: '{{instance}}' }],
  });
}

function collectionTime(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Time in garbage collection',
    description:
      'Share of time that each process spends in garbage collection, by kind. Above 5 %, the program creates too many objects, or the heap is near its limit: a high "minor" means many short-lived objects, a high "major" means a full heap. Check what large requests build up in memory.',
    unit: 'percentunit',
    width: 12,
    thresholds: { warning: 0.05, critical: 0.2 },
    queries: [{ expr: histograms.sumOf(COLLECTIONS), legend: '{{instance}} {{kind}}' }],
  });
}

function collections(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Garbage collections',
    description:
      'Collections per second, by kind. Minor ones are short and frequent; major ones stop the process for longer. If major ones become frequent while the heap does not shrink, memory is about to run out: see "Memory (heap)".',
    unit: 'collections/s',
    width: 12,
    thresholds: { warning: 20, critical: 100 },
    queries: [{ expr: histograms.countOf(COLLECTIONS), legend: '{{instance}} {{kind}}' }],
  });
}

function metricsHealth() {
  return timeSeries({
    title: 'Metrics themselves',
    description:
      'Values that were not recorded, and scrapes that were not answered. Series over the limit: a metric has too many label sets; the log names it. Use labels with fewer values, or raise metrics.max_series_per_metric. Invalid values: a mistake in the code that records them; the log names the metric. Denied requests: the address is not in metrics.allowed_ips; if it is your Prometheus, add it. Rejected scrapes: more scrapes were in flight than metrics.max_scrapes_in_flight allows.',
    unit: 'short',
    width: 12,
    thresholds: { warning: 1, critical: 100 },
    queries: [
      { expr: happened(seriesDropped), legend: 'series over the limit' },
      { expr: happened(invalidValues), legend: 'invalid values' },
      { expr: happened(accessDenied), legend: 'denied requests' },
      { expr: happened(scrapesRejected), legend: 'rejected scrapes' },
    ],
  });
}

function exporters() {
  const pushes = (...matchers: readonly Matcher[]) =>
    sumBy(BY_EXPORTER, increase(select(exporterPushes, ...INSTANCES, ...matchers), '$__range'));
  return table({
    title: 'Exporters',
    description:
      'Exporters that send the metrics to an outside system. "Up" is 1 if the last push was confirmed. If it is 0, the log has one line with the cause: the other side is away, refuses, or is too slow. What is recorded is kept until then. Counts are estimates from the scrapes.',
    unit: 'short',
    width: 12,
    height: 6,
    labels: { instance: 'Instance', exporter: 'Exporter' },
    columns: [
      {
        title: 'Up',
        expr: sumBy(BY_EXPORTER, select(exporterUp, ...INSTANCES)),
        decimals: 0,
        thresholds: { warning: 0.9, critical: 0.5, lowIsWrong: true },
      },
      {
        title: 'Since the last success',
        expr: `time() - ${maxBy(BY_EXPORTER, select(exporterLastSuccess, ...INSTANCES))}`,
        unit: 's',
        decimals: 0,
      },
      { title: 'Pushes', expr: pushes(), decimals: 0 },
      {
        title: 'Failed',
        expr: `${pushes(matching('outcome', 'failure|timeout|rejected'))} or 0 * ${pushes()}`,
        decimals: 0,
        thresholds: { warning: 0.5, critical: 10 },
      },
    ],
    sortBy: 'Failed',
  });
}

/** Adds 0 for counters without a series, because nothing has happened yet. */
function happened(metric: QueriedMetric): string {
  return `${sumBy([], increase(select(metric, ...INSTANCES)))} or vector(0)`;
}
