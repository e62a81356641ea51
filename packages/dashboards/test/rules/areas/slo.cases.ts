/** Two objectives of the job `shop`: `OrderController`, 99.9 % within 250 ms, and `MailService.send`, 90 %. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

const events = (good: string, bad: string, slo = 'OrderController'): SeriesValues => ({
  [`slo_events_total{job="shop", instance="a", slo="${slo}", outcome="good"}`]: good,
  [`slo_events_total{job="shop", instance="a", slo="${slo}", outcome="bad"}`]: bad,
});

/** So many bad ones of 10 000 each minute, as seconds' rates that are whole numbers. */
const share = (bad: number, slo?: string): SeriesValues => events(`0+${(10_000 - bad) * 60}x30`, `0+${bad * 60}x30`, slo);

const objective = (values: string): SeriesValues => ({ 'slo_objective_ratio{job="shop", instance="a", slo="OrderController"}': values });

const labels = (severity: string, slo = 'OrderController') => ({ severity, job: 'shop', slo });

const NOW = 'First find out what failed or became slow and roll back the last change, then look for the cause.';
const SOON = 'First find recurring errors and slow calls, and fix them before the next release.';

export const recordings: readonly RecordingCase[] = [
  ...['5m', '30m', '1h', '2h'].map(
    (window): RecordingCase => ({
      record: `job_slo:slo_events:bad_ratio_rate${window}`,
      why: '25 of 10000, however much of the window is there; 0 where nothing was bad; nothing where there were no events',
      series: { ...share(25), ...share(0, 'MailService.send'), ...events('0x30', '0x30', 'Idle') },
      at: '20m',
      gives: { '{job="shop", slo="OrderController"}': 0.0025, '{job="shop", slo="MailService.send"}': 0 },
    }),
  ),
  ...['6h', '1d', '3d'].map(
    (window): RecordingCase => ({
      record: `job_slo:slo_events:bad_ratio_rate${window}`,
      why: '1 of 4 over two instances, with a sample each hour',
      series: {
        'slo_events_total{job="shop", instance="a", slo="OrderController", outcome="good"}': '0+7200x80',
        'slo_events_total{job="shop", instance="a", slo="OrderController", outcome="bad"}': '0+3600x80',
        'slo_events_total{job="shop", instance="b", slo="OrderController", outcome="good"}': '0+3600x80',
      },
      at: '75h',
      interval: '1h',
      gives: { '{job="shop", slo="OrderController"}': 0.25 },
    }),
  ),
  {
    record: 'job_slo:slo_events:bad_ratio_rate5m',
    why: 'after 30 minutes of nothing but bad ones, 5 minutes of good ones only',
    series: events('0x30 0+60x10', '0+60x30 1800x10'),
    at: '36m',
    gives: { '{job="shop", slo="OrderController"}': 0 },
  },
];

export const alerts: readonly AlertCase[] = [
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: '145 of 10000 are above 14.4 x 0.1 % = 144 of 10000',
    series: share(145),
    at: '10m',
    fires: {
      labels: labels('page'),
      summary: 'OrderController of shop spends its error budget 14.4 times too fast',
      description: `1.45% of the events of OrderController were bad in the last hour: failed, or slower than 250 ms. The objective of 99.9% allows 0.1%. At 14.4 times that, 2% of the budget of 30 days is spent in that time, and the whole budget in 50 hours. ${NOW}`,
    },
  },
  { alert: 'ErrorBudgetGoneIn2Days', why: 'exactly 144 of 10000', series: share(144), at: '10m', fires: false },
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: 'an hour of 100 good ones each 15 s, then bad ones only: 3 of 240 intervals, 1.25 %, after 45 s',
    series: events('0+100x240 24000x20', '0x240 100+100x19'),
    at: '3645s',
    interval: '15s',
    fires: false,
  },
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: 'the same 15 s later: 4 of 240, 1.67 %; the 52 s of the guide lie between',
    series: events('0+100x240 24000x20', '0x240 100+100x19'),
    at: '3660s',
    interval: '15s',
    fires: true,
  },
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: '10 bad minutes of 60, over for 6 minutes: the long window is full of them, the short one clear',
    series: events('0+60x60 3600x10 3600+60x10', '0x60 60+60x9 600x11'),
    at: '77m',
    fires: false,
  },
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: 'the same while they last',
    series: events('0+60x60 3600x10 3600+60x10', '0x60 60+60x9 600x11'),
    at: '70m',
    fires: true,
  },
  {
    alert: 'ErrorBudgetGoneIn5Days',
    why: '61 of 10000 are above 6 x 0.1 %',
    series: share(61),
    at: '10m',
    fires: {
      labels: labels('page'),
      summary: 'OrderController of shop spends its error budget 6 times too fast',
      description: `0.61% of the events of OrderController were bad in the last 6 hours: failed, or slower than 250 ms. The objective of 99.9% allows 0.1%. At 6 times that, 5% of the budget of 30 days is spent in that time, and the whole budget in 5 days. ${NOW}`,
    },
  },
  { alert: 'ErrorBudgetGoneIn5Days', why: 'exactly 60 of 10000', series: share(60), at: '10m', fires: false },
  {
    alert: 'ErrorBudgetGoneIn10Days',
    why: '31 of 10000 are above 3 x 0.1 %',
    series: share(31),
    at: '10m',
    fires: {
      labels: labels('ticket'),
      summary: 'OrderController of shop spends its error budget 3 times too fast',
      description: `0.31% of the events of OrderController were bad in the last day: failed, or slower than 250 ms. The objective of 99.9% allows 0.1%. At 3 times that, 10% of the budget of 30 days is spent in that time, and the whole budget in 10 days. ${SOON}`,
    },
  },
  { alert: 'ErrorBudgetGoneIn10Days', why: 'exactly 30 of 10000', series: share(30), at: '10m', fires: false },
  {
    alert: 'ErrorBudgetGoneIn30Days',
    why: '11 of 10000 are above 0.1 %',
    series: share(11),
    at: '10m',
    fires: {
      labels: labels('ticket'),
      summary: 'OrderController of shop spends its error budget too fast to last',
      description: `0.11% of the events of OrderController were bad in the last 3 days: failed, or slower than 250 ms. The objective of 99.9% allows 0.1%. At 1 times that, 10% of the budget of 30 days is spent in that time, and the whole budget in 30 days. ${SOON}`,
    },
  },
  { alert: 'ErrorBudgetGoneIn30Days', why: 'exactly 10 of 10000', series: share(10), at: '10m', fires: false },
  {
    alert: 'ErrorBudgetGoneIn30Days',
    why: '1 of 100 for 10 hours, clear for 7: the 3 days hold them, the 6 hours do not',
    series: events('0+99x10 990+100x20', '0+1x10 10x20'),
    at: '17h',
    interval: '1h',
    fires: false,
  },
  {
    alert: 'ErrorBudgetGoneIn30Days',
    why: 'the same one hour after they ended',
    series: events('0+99x10 990+100x20', '0+1x10 10x20'),
    at: '11h',
    interval: '1h',
    fires: true,
  },
  {
    alert: 'ErrorBudgetGoneIn5Days',
    why: '61 of 100 are above 6 x 10 %, of an objective without a time limit',
    series: share(6100, 'MailService.send'),
    at: '10m',
    fires: {
      labels: labels('page', 'MailService.send'),
      summary: 'MailService.send of shop spends its error budget 6 times too fast',
      description: `61% of the events of MailService.send were bad in the last 6 hours: failed. The objective of 90% allows 10%. At 6 times that, 5% of the budget of 30 days is spent in that time, and the whole budget in 5 days. ${NOW}`,
    },
  },
  {
    alert: 'ErrorBudgetGoneIn2Days',
    why: '144 of 100 is more than there can be: there is no such alert',
    series: share(10_000, 'MailService.send'),
    at: '20m',
    fires: false,
  },
  {
    alert: 'SloRulesOutdated',
    why: '99.5 % in the application, 99.9 % in the rules, for an hour',
    series: objective('0.995x70'),
    at: '60m',
    fires: {
      labels: labels('ticket'),
      summary: 'The objective of OrderController of shop differs from the objective of its alerts',
      description: 'These rules were generated for an objective of 99.9%, but shop exposes a different one. Generate the rules again.',
    },
  },
  { alert: 'SloRulesOutdated', why: '59 minutes', series: objective('0.995x70'), at: '59m', fires: false },
  { alert: 'SloRulesOutdated', why: 'the same objective', series: objective('0.999x70'), at: '65m', fires: false },
];
