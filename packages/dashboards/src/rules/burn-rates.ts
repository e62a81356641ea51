/** Burn rates of error budgets and their windows, from the table of the SRE workbook. */
import type { AlertSeverity } from './rule.js';

/** The period of an error budget, in days. */
export const BUDGET_DAYS = 30;

/** A burn rate. A factor of 1 uses up the budget in exactly 30 days. */
export interface BurnRate {
  readonly alert: string;
  readonly severity: AlertSeverity;
  readonly factor: number;
  /** The window that shows that the problem is significant. */
  readonly longWindow: SloWindow;
  /** The window that shows that the problem is still happening, so that the alert ends soon after it. */
  readonly shortWindow: SloWindow;
}

/** The windows over which shares of bad events are recorded. */
export const SLO_WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type SloWindow = (typeof SLO_WINDOWS)[number];

/** The length of the windows in hours. */
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
 * The recommended parameters.
 * @see https://sre.google/workbook/alerting-on-slos/ chapter 5, "6: Multiwindow, Multi-Burn-Rate Alerts"
 */
export const BURN_RATES: readonly BurnRate[] = [
  { alert: 'ErrorBudgetGoneIn2Days', severity: 'page', factor: 14.4, longWindow: '1h', shortWindow: '5m' },
  { alert: 'ErrorBudgetGoneIn5Days', severity: 'page', factor: 6, longWindow: '6h', shortWindow: '30m' },
  { alert: 'ErrorBudgetGoneIn10Days', severity: 'ticket', factor: 3, longWindow: '1d', shortWindow: '2h' },
  { alert: 'ErrorBudgetGoneIn30Days', severity: 'ticket', factor: 1, longWindow: '3d', shortWindow: '6h' },
];

/** Returns the share of the budget that a burn rate uses up in its long window: 14.4 for 1 of 720 hours is 0.02. */
export function budgetSpent({ factor, longWindow }: BurnRate): number {
  return (factor * WINDOW_HOURS[longWindow]) / (BUDGET_DAYS * 24);
}
