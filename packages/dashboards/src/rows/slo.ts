/** The row of service level objectives: objectives, actual shares, and the use of error budgets. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { Thresholds } from '../panels/panel.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { equal, maxBy, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';

const { sloEvents, sloObjective, sloLatencyThreshold } = CATALOGUE;

const BY = ['slo'];
const objective = maxBy(BY, select(sloObjective, ...INSTANCES));
/** The allowed share of bad events. An objective of 1 allows none, and has no budget. */
const allowed = `(1 - ${objective} > 0)`;

/** In the Google SRE workbook, a burn rate of 14.4 for an hour is a page, and 1 for days is a ticket. */
const BURN_RATE_THRESHOLDS: Thresholds = { warning: 1, critical: 14.4 };
const BUDGET_THRESHOLDS: Thresholds = { warning: 0.25, critical: 0, lowIsWrong: true };

/** @see https://sre.google/workbook/alerting-on-slos/ */
export function sloRow(): DashboardRow {
  return { title: 'Service level objectives', panels: [objectives(), budget(), burnRate()] };
}

function badShare(window: Window): string {
  const events = (outcome: 'good' | 'bad') => sumBy(BY, rate(select(sloEvents, ...INSTANCES, equal('outcome', outcome)), window));
  return shareOf({ part: events('bad'), whole: sumBy(BY, rate(select(sloEvents, ...INSTANCES), window)) });
}

function budgetLeft(window: Window): string {
  return `1 - (${badShare(window)}) / ${allowed}`;
}

function objectives() {
  return table({
    title: 'Objectives in this time range',
    description:
      'Each objective, the share of good events in the selected time range, and the part of the error budget that is left. Below 0, more events were bad than the objective allows: release only fixes until the budget is positive again. Select the time range of the objective, such as 30 days.',
    unit: 'short',
    width: 24,
    height: 6,
    labels: { slo: 'Objective of' },
    columns: [
      { title: 'Wanted', expr: objective, unit: 'percentunit', decimals: 2 },
      { title: 'Reached', expr: `1 - (${badShare('$__range')})`, unit: 'percentunit', decimals: 3 },
      { title: 'Error budget left', expr: budgetLeft('$__range'), unit: 'percentunit', decimals: 1, thresholds: BUDGET_THRESHOLDS },
      { title: 'Good within', expr: maxBy(BY, select(sloLatencyThreshold, ...INSTANCES)), unit: 's' },
    ],
  });
}

function budget() {
  return timeSeries({
    title: 'Error budget left over 6 hours',
    description:
      'The part of the error budget of 6 hours that is left, at each moment. Below 0, the last 6 hours missed the objective. A step down is a single incident: find it at the same time in "Error rate by route". A slow decline is a problem that does not page anyone.',
    unit: 'percentunit',
    width: 12,
    thresholds: BUDGET_THRESHOLDS,
    belowZero: true,
    queries: [{ expr: budgetLeft('6h'), legend: '{{slo}}' }],
  });
}

function burnRate() {
  return timeSeries({
    title: 'Burn rate',
    description:
      'How many times faster than allowed the error budget is spent. At 1 it lasts exactly for the period of the objective; at 14.4 a budget of 30 days is spent in 50 hours. An alert pages if both lines of an objective are above 14.4: first stop the loss (roll back, disable the feature), then look for the cause. If only the short window is high, the incident is already over or has just begun.',
    unit: 'short',
    width: 12,
    thresholds: BURN_RATE_THRESHOLDS,
    queries: (['5m', '1h'] as const).map((window) => ({ expr: `(${badShare(window)}) / ${allowed}`, legend: `{{slo}} over ${window}` })),
  });
}
