/** The error class of this package, and helpers for its errors. */
import { MetricError } from '@tsukimi/metrics';

/** An error of the dashboards and rules: what happened, what was received, how to fix it. */
export class DashboardError extends MetricError {
  override readonly name: string = 'DashboardError';
}

export const invalidOption = (option: string, received: unknown, allowed: string): DashboardError =>
  new DashboardError('TSK_ERR_DASHBOARD_OPTION', `${option} is ${quote(received)}; ${allowed} is expected.`);

export const invalidFamily = (name: unknown, why: string): DashboardError =>
  new DashboardError(
    'TSK_ERR_DASHBOARD_FAMILY',
    `The family ${quote(name)} can't be shown on a dashboard: ${short(why)}. Use letters, digits and underscores, as Prometheus's text format does.`,
  );

/** Formats a value for a message: short, on one line, without ever throwing. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return short(String(value));
}

export function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
