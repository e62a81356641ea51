/** Rules about the process: event loop, CPU, memory, restarts. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { PROCESS_CATALOGUE } from '../../families/process-catalogue.js';
import { equal, rate, select } from '../../queries/promql.js';
import type { AlertRule, RuleArea } from '../rule.js';
import { bytes, percent } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { systemMemory, eventLoopUtilization, healthCheckUp, workerUp, workerRestarts } = CATALOGUE;
const { cpu, eventLoopLagP99, heapUsed, startTime } = PROCESS_CATALOGUE;

/** The rules on the process. There are no recording rules, because every instance has only one series of each metric. */
export function processRules(context: AreaContext): RuleArea {
  return { name: 'process', recordings: [], alerts: ALERTS.map((alert) => alert(context)) };
}

const ALERTS: readonly ((context: AreaContext) => AlertRule)[] = [
  eventLoopLag,
  busyEventLoop,
  busyCpu,
  growingMemory,
  fullHeap,
  restarts,
  healthCheckDown,
  workerDown,
  workersRestart,
];

function eventLoopLag({ scope, thresholds: { eventLoopLagP99Seconds } }: AreaContext): AlertRule {
  return {
    alert: 'EventLoopLagHigh',
    expr: `avg_over_time(${select(eventLoopLagP99, ...scope)}[5m]) > ${eventLoopLagP99Seconds}`,
    holdsForSeconds: 300,
    severity: 'ticket',
    summary: 'The event loop of {{ $labels.instance }} of {{ $labels.job }} is blocked',
    description: `1% of the turns of the event loop were late by {{ $value | humanizeDuration }} or more in the last 5 minutes (allowed: ${eventLoopLagP99Seconds}s), which delays every request. First look for slow synchronous code, such as large JSON, a loop over many records or a regular expression; then check garbage collection.`,
    reads: [eventLoopLagP99],
  };
}

function healthCheckDown({ scope }: AreaContext): AlertRule {
  return {
    alert: 'HealthCheckDown',
    expr: `max_over_time(${select(healthCheckUp, ...scope)}[3m]) == 0`,
    holdsForSeconds: 120,
    severity: 'ticket',
    summary: 'The health check {{ $labels.check }} of {{ $labels.instance }} of {{ $labels.job }} is down',
    description:
      'The check {{ $labels.check }} has failed at every scrape of the last 5 minutes. If its kind is readiness, the instance gets no requests. First read the line in the log that was written when the check went down, or the message in /health/ready: it has the cause.',
    reads: [healthCheckUp],
  };
}

function workerDown({ scope }: AreaContext): AlertRule {
  return {
    alert: 'WorkerDown',
    expr: `max_over_time(${select(workerUp, ...scope)}[3m]) == 0`,
    holdsForSeconds: 120,
    severity: 'ticket',
    summary: 'Worker {{ $labels.worker }} of {{ $labels.instance }} of {{ $labels.job }} is down',
    description:
      'The worker {{ $labels.worker }} has served no requests for 5 minutes, so the others have more to do. First read the log of the instance: the primary logs why a worker ended, and when it starts the next one.',
    reads: [workerUp],
  };
}

function workersRestart({ scope, thresholds: { startsPerHour } }: AreaContext): AlertRule {
  return {
    alert: 'WorkersRestart',
    expr: `increase(${select(workerRestarts, ...scope)}[1h]) > ${startsPerHour}`,
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: 'Workers of {{ $labels.instance }} of {{ $labels.job }} keep ending',
    description: `Workers that ended by themselves in the last hour: about {{ $value | printf "%.0f" }} (allowed: ${startsPerHour}). Each loses its open connections. First read the log of the instance, which has the cause of each end: an uncaught error, or a signal such as SIGKILL, which often means that memory was full.`,
    reads: [workerRestarts],
  };
}

function busyEventLoop({ scope, thresholds: { eventLoopUtilizationRatio } }: AreaContext): AlertRule {
  return {
    alert: 'EventLoopBusy',
    expr: `avg_over_time(${select(eventLoopUtilization, ...scope)}[2m]) > ${eventLoopUtilizationRatio}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: 'The event loop of {{ $labels.instance }} of {{ $labels.job }} has no time left',
    description: `The event loop was busy for {{ $value | humanizePercentage }} of the last 2 minutes (allowed: ${percent(eventLoopUtilizationRatio)}), so requests queue. First check whether there are more requests than usual. If so, add instances; otherwise, take a CPU profile.`,
    reads: [eventLoopUtilization],
  };
}

function busyCpu({ scope, thresholds: { cpuCores } }: AreaContext): AlertRule {
  return {
    alert: 'CpuSaturated',
    expr: `${rate(select(cpu, ...scope), '5m')} > ${cpuCores}`,
    holdsForSeconds: 900,
    severity: 'ticket',
    summary: '{{ $labels.instance }} of {{ $labels.job }} is out of CPU',
    description: `The process used {{ $value | humanizePercentage }} of one core in the last 5 minutes (allowed: ${percent(cpuCores)}). First check whether there are more requests than usual. If so, add instances; otherwise, take a CPU profile.`,
    reads: [cpu],
  };
}

function growingMemory({ scope, thresholds: { memoryGrowthFactor, memoryGrowthFromBytes } }: AreaContext): AlertRule {
  const resident = select(systemMemory, ...scope, equal('type', 'rss'));
  // The minimum of an hour is the memory after garbage collection.
  const least = `min_over_time(${resident}[1h])`;
  const before = `min_over_time(${resident}[1h] offset 6h)`;
  return {
    alert: 'MemoryGrowing',
    expr: `${least} / ${before} > ${memoryGrowthFactor}\nand\n${least} > ${memoryGrowthFromBytes}`,
    holdsForSeconds: 3600,
    severity: 'ticket',
    summary: 'The memory of {{ $labels.instance }} of {{ $labels.job }} grows',
    description: `The process uses {{ $value | printf "%.2f" }} times the memory of 6 hours ago (allowed: ${memoryGrowthFactor} times, above ${bytes(memoryGrowthFromBytes)}). First check whether the heap or buffers grow (instrumentation.track_memory), then compare two heap snapshots.`,
    reads: [systemMemory],
  };
}

function fullHeap({ scope, thresholds: { heapLimitBytes, heapUsedRatio } }: AreaContext): AlertRule {
  return {
    alert: 'HeapNearLimit',
    expr: `min_over_time(${select(heapUsed, ...scope)}[5m]) / ${heapLimitBytes} > ${heapUsedRatio}`,
    holdsForSeconds: 300,
    severity: 'ticket',
    summary: 'The heap of {{ $labels.instance }} of {{ $labels.job }} is nearly full',
    description: `{{ $value | humanizePercentage }} of the heap's limit of ${bytes(heapLimitBytes)} is in use (allowed: ${percent(heapUsedRatio)}); at the limit the process crashes. First restart it if it must stay up, then find out which objects it keeps. If it needs that much memory, raise --max-old-space-size.`,
    reads: [heapUsed],
  };
}

function restarts({ scope, thresholds: { startsPerHour } }: AreaContext): AlertRule {
  return {
    alert: 'ApplicationRestarts',
    expr: `changes(${select(startTime, ...scope)}[1h]) > ${startsPerHour}`,
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: '{{ $labels.instance }} of {{ $labels.job }} restarts repeatedly',
    description: `The process was started {{ $value }} times in the last hour (allowed: ${startsPerHour}). First read the last lines of its log before each start, and the exit code: 137 means that it was killed, often because of its memory.`,
    reads: [startTime],
  };
}
