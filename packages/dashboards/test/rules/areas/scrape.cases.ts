/** Targets of the job `shop`; the rules are made for the jobs `shop` and `mail`. */
import type { AlertCase, RecordingCase } from '../support/promtool.js';

export const recordings: readonly RecordingCase[] = [];

export const alerts: readonly AlertCase[] = [
  {
    alert: 'ScrapeDown',
    why: 'one of two targets, from minute 3 on',
    series: { 'up{job="shop", instance="a"}': '1 1 1 0x10', 'up{job="shop", instance="b"}': '1x15' },
    at: '8m',
    fires: {
      labels: { severity: 'page', job: 'shop', instance: 'a' },
      summary: 'a of shop cannot be scraped',
      description:
        'Prometheus has received no metrics of a for 5 minutes, so no other alert on it can fire. First check whether it runs. If it does, check the targets page of Prometheus, and whether metrics.allowed_ips contains the address of Prometheus.',
    },
  },
  { alert: 'ScrapeDown', why: '4 minutes', series: { 'up{job="shop", instance="a"}': '1 1 1 0x10' }, at: '7m', fires: false },
  {
    alert: 'ScrapeDown',
    why: 'up again at minute 7',
    series: { 'up{job="shop", instance="a"}': '1 1 1 0 0 0 0 1x10' },
    at: '12m',
    fires: false,
  },
  {
    alert: 'ScrapeDown',
    why: 'a job that these rules are not for',
    series: { 'up{job="other", instance="a"}': '0x20' },
    at: '10m',
    fires: false,
  },
  {
    alert: 'ScrapeMissing',
    why: 'the job mail has no target',
    series: { 'up{job="shop", instance="a"}': '0x10' },
    at: '5m',
    fires: {
      labels: { severity: 'page', job: 'mail' },
      summary: 'mail has no target',
      description:
        'Prometheus has had no target of the job mail for 5 minutes, so no alert on it can fire. First check whether an instance is registered in the service discovery of Prometheus, and whether the job was renamed.',
    },
  },
  {
    alert: 'ScrapeMissing',
    why: 'both jobs have a target, even if it is down',
    series: { 'up{job="shop", instance="a"}': '0x10', 'up{job="mail", instance="a"}': '1x10' },
    at: '10m',
    fires: false,
  },
];
