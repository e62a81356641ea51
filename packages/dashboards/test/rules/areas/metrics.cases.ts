/** What the registry of `a` of the job `shop` tells of itself. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

const dropped = (values: string): SeriesValues => ({
  'metrics_series_dropped_total{job="shop", instance="a", metric="http_requests_total"}': values,
});
const refused = (values: string): SeriesValues => ({
  'metrics_invalid_values_total{job="shop", instance="a", metric="queue_items"}': values,
});
const denied = (values: string): SeriesValues => ({ 'metrics_access_denied_total{job="shop", instance="a"}': values });
const rejected = (values: string): SeriesValues => ({
  'metrics_scrapes_rejected_total{job="shop", instance="a", reason="busy"}': values,
  'metrics_scrapes_rejected_total{job="shop", instance="a", reason="slow"}': '0x60',
});

const exporterUp = (values: string): SeriesValues => ({
  'exporter_up{job="shop", instance="a", exporter="redis"}': values,
  'exporter_up{job="shop", instance="a", exporter="statsd"}': '1x60',
});

const labels = { severity: 'ticket', job: 'shop', instance: 'a' };

export const recordings: readonly RecordingCase[] = [];

const DROPPED = {
  labels: { ...labels, metric: 'http_requests_total' },
  summary: 'http_requests_total of shop has too many label sets',
};
const DROPPED_THEN =
  'First look for a label with an id, an address or a message, and remove it. Raise the limit only if you need that many label sets.';

export const alerts: readonly AlertCase[] = [
  {
    alert: 'MetricSeriesDropped',
    why: 'the counter appears at 20 min with 1, and stays there: increase() sees nothing',
    series: dropped('_x20 1x60'),
    at: '21m',
    fires: {
      ...DROPPED,
      description: `http_requests_total in a has reached metrics.max_series_per_metric. Values recorded in the overflow series in the last 15 minutes: about 1. ${DROPPED_THEN}`,
    },
  },
  { alert: 'MetricSeriesDropped', why: 'has held for less than 1 minute', series: dropped('_x20 1x60'), at: '20m', fires: false },
  { alert: 'MetricSeriesDropped', why: 'it was there 15 minutes ago', series: dropped('_x20 1x60'), at: '35m', fires: false },
  {
    alert: 'MetricSeriesDropped',
    why: '2 a minute for 15 minutes',
    series: dropped('100+2x60'),
    at: '40m',
    fires: {
      ...DROPPED,
      description: `http_requests_total in a has reached metrics.max_series_per_metric. Values recorded in the overflow series in the last 15 minutes: about 30. ${DROPPED_THEN}`,
    },
  },
  { alert: 'MetricSeriesDropped', why: 'long ago', series: dropped('100x60'), at: '40m', fires: false },
  {
    alert: 'MetricValuesRefused',
    why: 'the counter appears at 20 min with 1',
    series: refused('_x20 1x60'),
    at: '21m',
    fires: {
      labels: { ...labels, metric: 'queue_items' },
      summary: 'queue_items of shop received invalid values',
      description:
        'Values of queue_items refused in a in the last 15 minutes: about 1. First read the warning in the log, which is written once for each metric. It shows what was received, such as NaN, a negative number for a counter, or an unknown label.',
    },
  },
  { alert: 'MetricValuesRefused', why: 'goes on growing', series: refused('5x20 6x60'), at: '25m', fires: true },
  { alert: 'MetricValuesRefused', why: 'long ago', series: refused('5x60'), at: '40m', fires: false },
  {
    alert: 'MetricsAccessDenied',
    why: '1 a minute for 15 minutes',
    series: denied('0+1x60'),
    at: '40m',
    fires: {
      labels,
      summary: 'Unauthorized metrics requests on a of shop',
      description:
        'About 15 requests for the metrics were denied in the last 15 minutes (allowed: 10). First find the address in the log. If it is your Prometheus, add it to metrics.allowed_ips; otherwise, find out why it can reach the port.',
    },
  },
  { alert: 'MetricsAccessDenied', why: '10 in 15 minutes are allowed', series: denied('0x20 10x60'), at: '30m', fires: false },
  { alert: 'MetricsAccessDenied', why: '0.5 a minute', series: denied('0+0.5x60'), at: '40m', fires: false },
  {
    alert: 'MetricsScrapesRejected',
    why: '1 a minute for 15 minutes',
    series: rejected('0+1x60'),
    at: '40m',
    fires: {
      labels: { ...labels, reason: 'busy' },
      summary: 'Scrapes of a of shop are rejected (busy)',
      description:
        'About 15 scrapes were rejected or cut off in the last 15 minutes (allowed: 10), so Prometheus may miss samples. Reason busy: metrics.max_scrapes_in_flight was reached. Reason slow: a client did not read within metrics.scrape_timeout_ms. First find out which clients read the metrics, and how often.',
    },
  },
  { alert: 'MetricsScrapesRejected', why: '10 in 15 minutes are allowed', series: rejected('0x20 10x60'), at: '30m', fires: false },
  { alert: 'MetricsScrapesRejected', why: 'long ago', series: rejected('100x60'), at: '40m', fires: false },
  {
    alert: 'ExporterDown',
    why: 'down from 20 min on: 5 minutes without a success, for 5 minutes',
    series: exporterUp('1x19 0x60'),
    at: '30m',
    fires: {
      labels: { ...labels, exporter: 'redis' },
      summary: 'The exporter redis of a of shop reaches nobody',
      description:
        'No push of the exporter redis was confirmed in the last 5 minutes. What is recorded is kept in memory and sent when a push succeeds, unless the process ends before. First read the line in the log that the exporter has written when it began to fail: it has the cause.',
    },
  },
  { alert: 'ExporterDown', why: 'has held for less than 5 minutes', series: exporterUp('1x19 0x60'), at: '28m', fires: false },
  {
    alert: 'ExporterDown',
    why: 'a push succeeds now and then',
    series: exporterUp('0x4 1 0x3 1 0x4 1 0x3 1 0x4 1 0x3 1 0x4 1 0x4 1'),
    at: '40m',
    fires: false,
  },
];
