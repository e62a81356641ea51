/** Service level objectives: what was promised, what was kept, how fast the error budget goes. */
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
/** The share of events that may be bad; an objective of 1 leaves none, and no budget to speak of. */
const allowed = `(1 - ${objective} > 0)`;

/** From 1: 14.4 for an hour is a page in the Google SRE workbook, 1 for days a ticket. */
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
      'What each objective asks for, how much of it was reached in the time range above, and which part of the error budget of that time is left. Below 0 more failed than was agreed: stop releases that are not repairs until it is above again. Pick the range the objective is agreed for, 30 days say.',
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
      'Which part of the errors that the objective allows in 6 hours was not used up, at each moment. Below 0 the last 6 hours broke the promise. A step down is one incident: find it at the same moment in "Error rate by route". A slow slide is a fault that nobody was paged for.',
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
      'How many times faster than allowed the error budget goes: at 1 it lasts exactly as long as agreed, at 14.4 a budget of 30 days is gone in 50 hours. Both lines of an objective above 14.4 is what pages: first stop the loss (roll back, switch off), then look for the cause. Only the short one high means that it is already over, or has just begun.',
    unit: 'short',
    width: 12,
    thresholds: BURN_RATE_THRESHOLDS,
    queries: (['5m', '1h'] as const).map((window) => ({ expr: `(${badShare(window)}) / ${allowed}`, legend: `{{slo}} over ${window}` })),
  });
}
