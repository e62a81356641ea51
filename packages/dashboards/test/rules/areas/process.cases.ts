/** One process, `a` of the job `shop`. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

const lag = (values: string): SeriesValues => ({ 'nodejs_eventloop_lag_p99_seconds{job="shop", instance="a"}': values });
const busy = (values: string): SeriesValues => ({ 'nodejs_eventloop_utilization_ratio{job="shop", instance="a"}': values });
const cpu = (values: string): SeriesValues => ({ 'process_cpu_seconds_total{job="shop", instance="a"}': values });
const memory = (values: string): SeriesValues => ({ 'system_memory_bytes{job="shop", instance="a", type="rss"}': values });
const heap = (values: string): SeriesValues => ({ 'nodejs_heap_size_used_bytes{job="shop", instance="a"}': values });
const started = (values: string): SeriesValues => ({ 'process_start_time_seconds{job="shop", instance="a"}': values });

const labels = { severity: 'ticket', job: 'shop', instance: 'a' };
const MIB = 1024 ** 2;

const checkUp = (values: string): SeriesValues => ({
  'health_check_up{job="shop", instance="a", check="database"}': values,
  'health_check_up{job="shop", instance="a", check="mail"}': '1x60',
});

const workerUp = (values: string): SeriesValues => ({
  'worker_up{job="shop", instance="a", worker="1"}': '1x60',
  'worker_up{job="shop", instance="a", worker="2"}': values,
});
const workerRestarts = (values: string): SeriesValues => ({ 'worker_restarts_total{job="shop", instance="a"}': values });

export const recordings: readonly RecordingCase[] = [];

export const alerts: readonly AlertCase[] = [
  {
    alert: 'EventLoopLagHigh',
    why: '0.5 s at every scrape',
    series: lag('0.5x20'),
    at: '5m',
    fires: {
      labels,
      summary: 'The event loop of a of shop is blocked',
      description:
        '1% of the turns of the event loop were late by 500ms or more in the last 5 minutes (allowed: 0.25s), which delays every request. First look for slow synchronous code, such as large JSON, a loop over many records or a regular expression; then check garbage collection.',
    },
  },
  { alert: 'EventLoopLagHigh', why: '4 minutes', series: lag('0.5x20'), at: '4m', fires: false },
  { alert: 'EventLoopLagHigh', why: 'exactly what is allowed', series: lag('0.25x20'), at: '10m', fires: false },
  {
    alert: 'EventLoopLagHigh',
    why: 'one long turn of 1 s, in every window from 10 to 15 min: the mean of six samples is 0.175 s',
    series: lag('0.01x9 1 0.01x9'),
    at: '15m',
    fires: false,
  },
  {
    alert: 'EventLoopBusy',
    why: '0.95 at every scrape, for 10 minutes',
    series: busy('0.95x30'),
    at: '10m',
    fires: {
      labels,
      summary: 'The event loop of a of shop has no time left',
      description:
        'The event loop was busy for 95% of the last 2 minutes (allowed: 90%), so requests queue. First check whether there are more requests than usual. If so, add instances; otherwise, take a CPU profile.',
    },
  },
  { alert: 'EventLoopBusy', why: 'a minute earlier', series: busy('0.95x30'), at: '9m', fires: false },
  { alert: 'EventLoopBusy', why: 'below what is allowed', series: busy('0.875x30'), at: '20m', fires: false },
  {
    alert: 'EventLoopBusy',
    why: 'idle for two minutes after 8 minutes: the mean of the samples of two minutes falls below',
    series: busy('1x8 0 0 1x12'),
    at: '14m',
    fires: false,
  },
  {
    alert: 'EventLoopBusy',
    why: 'one sample of 0.8 among those of 1 does not end it',
    series: busy('1x5 0.8 1x24'),
    at: '12m',
    fires: true,
  },
  {
    alert: 'CpuSaturated',
    why: '57 s of 60; the counter begins at 0, so that the rate is whole after 5 minutes, and has held for 15 at 20',
    series: cpu('0+57x30'),
    at: '20m',
    fires: {
      labels,
      summary: 'a of shop is out of CPU',
      description:
        'The process used 95% of one core in the last 5 minutes (allowed: 90%). First check whether there are more requests than usual. If so, add instances; otherwise, take a CPU profile.',
    },
  },
  { alert: 'CpuSaturated', why: 'a minute earlier', series: cpu('0+57x30'), at: '19m', fires: false },
  { alert: 'CpuSaturated', why: '54 s of 60 are allowed', series: cpu('0+54x30'), at: '25m', fires: false },
  {
    alert: 'MemoryGrowing',
    why: '300 MiB for 7 h, then 480 MiB: from 8 h on the least of the hour is that, 1.6 times what it was 6 hours before; held for an hour',
    series: memory(`${300 * MIB}x420 ${480 * MIB}x180`),
    at: '541m',
    fires: {
      labels: { ...labels, type: 'rss' },
      summary: 'The memory of a of shop grows',
      description:
        'The process uses 1.60 times the memory of 6 hours ago (allowed: 1.5 times, above 256 MiB). First check whether the heap or buffers grow (instrumentation.track_memory), then compare two heap snapshots.',
    },
  },
  {
    alert: 'MemoryGrowing',
    why: 'the hour from 780 to 840 min, 6 hours before, begins with the last 300 MiB at 420 min',
    series: memory(`${300 * MIB}x420 ${480 * MIB}x480`),
    at: '840m',
    fires: true,
  },
  {
    alert: 'MemoryGrowing',
    why: 'a minute later 6 hours before has 480 MiB too: it grows no longer',
    series: memory(`${300 * MIB}x420 ${480 * MIB}x480`),
    at: '841m',
    fires: false,
  },
  {
    alert: 'MemoryGrowing',
    why: 'the last sample of 300 MiB, at 420 min, leaves the hour after 480 min: 59 minutes at 540 min',
    series: memory(`${300 * MIB}x420 ${480 * MIB}x180`),
    at: '540m',
    fires: false,
  },
  { alert: 'MemoryGrowing', why: '1.5 times is allowed', series: memory(`${300 * MIB}x420 ${450 * MIB}x180`), at: '580m', fires: false },
  {
    alert: 'MemoryGrowing',
    why: 'from 60 to 240 MiB is the start',
    series: memory(`${60 * MIB}x420 ${240 * MIB}x180`),
    at: '580m',
    fires: false,
  },
  {
    alert: 'MemoryGrowing',
    why: 'collected once an hour: 900 MiB at times, 300 MiB at least',
    series: memory(`${300 * MIB}x420 ${Array.from({ length: 6 }, () => `${900 * MIB}x28 ${300 * MIB}`).join(' ')}`),
    at: '580m',
    fires: false,
  },
  {
    alert: 'HeapNearLimit',
    why: '1945.6 of 2048 MiB',
    series: heap(`${1945.6 * MIB}x20`),
    at: '5m',
    fires: {
      labels,
      summary: 'The heap of a of shop is nearly full',
      description:
        "95% of the heap's limit of 2 GiB is in use (allowed: 90%); at the limit the process crashes. First restart it if it must stay up, then find out which objects it keeps. If it needs that much memory, raise --max-old-space-size.",
    },
  },
  { alert: 'HeapNearLimit', why: '1843 of 2048 MiB are 89.99 %', series: heap(`${1843 * MIB}x20`), at: '10m', fires: false },
  {
    alert: 'HeapNearLimit',
    why: 'every third scrape finds it collected',
    series: heap(Array.from({ length: 8 }, () => `${2000 * MIB}x1 ${900 * MIB}`).join(' ')),
    at: '20m',
    fires: false,
  },
  {
    alert: 'ApplicationRestarts',
    why: 'four starts after the first',
    series: started('1000x9 1600x9 2200x9 2800x9 3400x20'),
    at: '45m',
    fires: {
      labels,
      summary: 'a of shop restarts repeatedly',
      description:
        'The process was started 4 times in the last hour (allowed: 3). First read the last lines of its log before each start, and the exit code: 137 means that it was killed, often because of its memory.',
    },
  },
  { alert: 'ApplicationRestarts', why: 'three', series: started('1000x9 1600x9 2200x9 2800x30'), at: '45m', fires: false },
  {
    alert: 'HealthCheckDown',
    why: 'down from 20 min on: at every scrape of 3 minutes, for 2 minutes',
    series: checkUp('1x19 0x60'),
    at: '25m',
    fires: {
      labels: { ...labels, check: 'database' },
      summary: 'The health check database of a of shop is down',
      description:
        'The check database has failed at every scrape of the last 5 minutes. If its kind is readiness, the instance gets no requests. First read the line in the log that was written when the check went down, or the message in /health/ready: it has the cause.',
    },
  },
  { alert: 'HealthCheckDown', why: 'has held for less than 5 minutes', series: checkUp('1x19 0x60'), at: '24m', fires: false },
  {
    alert: 'HealthCheckDown',
    why: 'it is up now and then',
    series: checkUp('0x1 1 0x1 1 0x1 1 0x1 1 0x1 1 0x1 1 0x1 1 0x1 1'),
    at: '20m',
    fires: false,
  },
  {
    alert: 'WorkerDown',
    why: 'down from 20 min on: at every scrape of 3 minutes, for 2 minutes',
    series: workerUp('1x19 0x60'),
    at: '25m',
    fires: {
      labels: { ...labels, worker: '2' },
      summary: 'Worker 2 of a of shop is down',
      description:
        'The worker 2 has served no requests for 5 minutes, so the others have more to do. First read the log of the instance: the primary logs why a worker ended, and when it starts the next one.',
    },
  },
  { alert: 'WorkerDown', why: 'has held for less than 5 minutes', series: workerUp('1x19 0x60'), at: '24m', fires: false },
  { alert: 'WorkerDown', why: 'it is restarted', series: workerUp('1x19 0 1x60'), at: '25m', fires: false },
  {
    alert: 'WorkersRestart',
    why: 'four in an hour',
    series: workerRestarts('0x9 1x9 2x9 3x9 4x60'),
    at: '50m',
    fires: {
      labels,
      summary: 'Workers of a of shop keep ending',
      description:
        'Workers that ended by themselves in the last hour: about 4 (allowed: 3). Each loses its open connections. First read the log of the instance, which has the cause of each end: an uncaught error, or a signal such as SIGKILL, which often means that memory was full.',
    },
  },
  { alert: 'WorkersRestart', why: 'two', series: workerRestarts('0x9 1x9 2x60'), at: '45m', fires: false },
];
