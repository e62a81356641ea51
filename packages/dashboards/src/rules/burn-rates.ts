/** How fast an error budget may burn, over which windows: the table of the SRE workbook. */
import type { AlertSeverity } from './rule.js';

/** The span that a budget is for. */
export const BUDGET_DAYS = 30;

/** A pace at which a budget burns; 1 spends it in exactly 30 days. */
export interface BurnRate {
  readonly alert: string;
  readonly severity: AlertSeverity;
  readonly factor: number;
  /** Says that it matters: how much of the budget is gone. */
  readonly longWindow: SloWindow;
  /** Says that it goes on: the alert ends soon after the trouble. */
  readonly shortWindow: SloWindow;
}

/** The windows that shares of bad events are recorded over. */
export const SLO_WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type SloWindow = (typeof SLO_WINDOWS)[number];

/** Hours of the windows that a budget is measured by. */
const WINDOW_HOURS: Readonly<Record<SloWindow, number>> = {
  '5m': 1 / 12,
  '30m': 0.5,
  '1h': 1,
  '2h': 2,
  '6h': 6,
  '1d': 24,
  '3d': 72,
};

/**
 * The recommended parameters. Named by when the budget will be gone: 30 days divided by the factor.
 * @see https://sre.google/workbook/alerting-on-slos/ chapter 5, "6: Multiwindow, Multi-Burn-Rate Alerts"
 */
export const BURN_RATES: readonly BurnRate[] = [
  { alert: 'ErrorBudgetGoneIn2Days', severity: 'page', factor: 14.4, longWindow: '1h', shortWindow: '5m' },
  { alert: 'ErrorBudgetGoneIn5Days', severity: 'page', factor: 6, longWindow: '6h', shortWindow: '30m' },
  { alert: 'ErrorBudgetGoneIn10Days', severity: 'ticket', factor: 3, longWindow: '1d', shortWindow: '2h' },
  { alert: 'ErrorBudgetGoneIn30Days', severity: 'ticket', factor: 1, longWindow: '3d', shortWindow: '6h' },
];

/** The share of the budget that is gone when a pace has lasted for its long window: 14.4 for 1 of 720 hours is 0.02. */
export function budgetSpent({ factor, longWindow }: BurnRate): number {
  return (factor * WINDOW_HOURS[longWindow]) / (BUDGET_DAYS * 24);
}
