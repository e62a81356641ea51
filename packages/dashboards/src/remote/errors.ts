/** The errors of reading metrics from an address. */
import { withoutUrlSecrets } from '@tsukimi/metrics';
import { DashboardError, quote, short } from '../errors.js';

/** @param shown the form of the address for messages */
export const invalidSourceUrl = (shown: string): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_URL',
    `${shown} is not a URL of metrics. Write it as http://127.0.0.1:8000/metrics/prometheus. In user and password, encode / as %2F and @ as %40.`,
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
    `${short(url)} did not respond completely within ${timeoutMs} ms. Check whether the application is busy, or, in code, raise timeoutMs.`,
    { cause },
  );

export const sourceTooLarge = (url: string, maxBytes: number): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_TOO_LARGE',
    `${short(url)} answered with more than ${maxBytes} bytes. Look for a metric with too many label sets, or, in code, raise maxBytes.`,
  );

export const sourceRefused = (url: string, status: number): DashboardError =>
  new DashboardError('TSK_ERR_REMOTE_STATUS', `${short(url)} answered ${status}. ${mendStatus(status)}`);

function mendStatus(status: number): string {
  if (status === 401) return 'Add user and password to the url: http://user:password@host:8000/metrics/prometheus.';
  if (status === 403 || status === 404)
    return 'Correct the path (metrics.path, followed by /prometheus), and check that metrics.allowed_ips contains the address of this machine: clients that are not in the list get the response for an unknown path.';
  return "See the application's log.";
}

/** A response that is not an exposition. */
export interface ForeignAnswer {
  readonly url: string;
  readonly contentType: string;
  readonly cause?: unknown;
}

export const notMetrics = ({ url, contentType, cause }: ForeignAnswer): DashboardError =>
  new DashboardError(
    'TSK_ERR_REMOTE_NOT_METRICS',
    `${short(url)} answered with ${contentType === '' ? 'no content type' : short(contentType)}, not with Prometheus's text format${cause instanceof DashboardError ? ` (${cause.message})` : ''}. Use the URL that Prometheus scrapes, such as http://127.0.0.1:8000/metrics/prometheus.`,
    { cause },
  );

/** Returns the cause of an error of fetch, which contains the reason. */
function rootOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return quote(cause);
  return short(withoutUrlSecrets(cause.message || String((cause as { code?: unknown }).code ?? cause.name)));
}
