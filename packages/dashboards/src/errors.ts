/** Every error of this package: its code, and a function that writes its message. */
import { MetricError, withoutUrlSecrets } from '@tsukimi/metrics';

/** An error of the dashboards and rules: what happened, what was received, how to mend it. */
export class DashboardError extends MetricError {
  override readonly name: string = 'DashboardError';
}

/** A line of an exposition that could not be read. */
export interface BrokenLine {
  /** From 1. */
  readonly lineNumber: number;
  readonly line: string;
  readonly why: string;
}

// The line is not quoted. Anything may stand in what is no scrape: a page, a file of secrets, an answer that repeats what was sent.
export const invalidExposition = ({ lineNumber, line, why }: BrokenLine): DashboardError =>
  new DashboardError(
    'TSK_ERR_FAMILY_EXPOSITION',
    `Line ${lineNumber} (${line.length} character${line.length === 1 ? '' : 's'}) is no line of Prometheus's text format: ${why}. Give what /metrics/prometheus answers, unchanged.`,
  );

/** @param shown what may be shown of it */
export const invalidSourceUrl = (shown: string): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_URL',
    `${shown} is no address of metrics. Write it as http://127.0.0.1:8000/metrics/prometheus. In user and password, write / as %2F and @ as %40.`,
  );

export const invalidOption = (option: string, received: unknown, allowed: string): DashboardError =>
  new DashboardError('TSK_ERR_DASHBOARD_OPTION', `${option} is ${quote(received)}; ${allowed} is expected.`);

export const invalidFamily = (name: unknown, why: string): DashboardError =>
  new DashboardError(
    'TSK_ERR_DASHBOARD_FAMILY',
    `The family ${quote(name)} can't be drawn: ${short(why)}. Use letters, digits and underscores, as Prometheus's text format does.`,
  );

export const sourceUnreachable = (url: string, cause: unknown): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_UNREACHABLE',
    `${short(url)} did not answer: ${describe(rootOf(cause))}. Start the application, or correct host and port.`,
    { cause },
  );

export const sourceTimedOut = (url: string, timeoutMs: number, cause: unknown): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_TIMEOUT',
    `${short(url)} did not answer in full within ${timeoutMs} ms. See whether the application is busy, or, from code, give it more time with timeoutMs.`,
    { cause },
  );

export const sourceTooLarge = (url: string, maxBytes: number): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_TOO_LARGE',
    `${short(url)} answered with more than ${maxBytes} bytes. Look for a metric with too many label sets there, or, from code, raise maxBytes.`,
  );

export const sourceRefused = (url: string, status: number): DashboardError =>
  new DashboardError('TSK_ERR_REMOTE_STATUS', `${short(url)} answered ${status}. ${mendStatus(status)}`);

function mendStatus(status: number): string {
  if (status === 401) return 'Put user and password into the url: http://user:password@host:8000/metrics/prometheus.';
  if (status === 403 || status === 404)
    return 'Correct the path (metrics.path, and /prometheus behind it), and see that metrics.allowed_ips has this machine: whoever it has not is told that there is no such path.';
  return "See the application's log.";
}

/** An answer that is no exposition. */
export interface ForeignAnswer {
  readonly url: string;
  readonly contentType: string;
  readonly cause?: unknown;
}

export const notMetrics = ({ url, contentType, cause }: ForeignAnswer): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_NOT_METRICS',
    `${short(url)} answered with ${contentType === '' ? 'no content type' : short(contentType)}, and not with Prometheus's text format${cause instanceof DashboardError ? ` (${cause.message})` : ''}. Give the address that Prometheus scrapes, such as http://127.0.0.1:8000/metrics/prometheus.`,
    { cause },
  );

/** A part of a service level objective that is not what it should be. */
export interface RefusedSlo {
  readonly name: unknown;
  readonly what: string;
  readonly received: unknown;
  readonly allowed: string;
}

export const invalidSlo = ({ name, what, received, allowed }: RefusedSlo): DashboardError =>
  new DashboardError(
    'TSK_ERR_RULE_SLO',
    `The service level objective ${quote(name)} has ${quote(received)} for its ${what}. Give it ${allowed}.`,
  );

export const conflictingSlo = (name: string, [first, second]: readonly [number, number]): DashboardError =>
  new DashboardError(
    'TSK_ERR_RULE_SLO_CONFLICT',
    `The service level objective ${quote(name)} is there twice, with ${first} and with ${second}. Keep one, or give them two names.`,
  );

/** What fetch fails with says why in its cause. */
function rootOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return quote(cause);
  return short(withoutUrlSecrets(cause.message || String((cause as { code?: unknown }).code ?? cause.name)));
}

/** A value as it can stand in a message: short, on one line, never a throw. */
function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return short(String(value));
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
