/** The errors of pushing metrics. */
import { MetricError } from '../errors.js';
import { describe, describeValue, quote, short } from '../wording.js';

export const invalidPushOption = (option: string, received: unknown, allowed: string): MetricError =>
  new MetricError('TSK_ERR_PUSH_OPTION', `${option} is ${describeValue(received)}; ${allowed} is expected.`);

/** The details of a failed push. */
export interface PushFailure {
  /** Without user and password. */
  readonly url: string;
  readonly job: string;
  readonly attempts: number;
  /** The status of the Pushgateway's response; undefined if there was none. */
  readonly status: number | undefined;
  readonly answer: string;
  readonly cause: unknown;
}

export const pushFailed = ({ url, job, attempts, status, answer, cause }: PushFailure): MetricError =>
  new MetricError(
    'TSK_ERR_PUSH_FAILED',
    `The metrics of job ${quote(job)} were not pushed to ${short(url)}: ${status === undefined ? describe(rootOf(cause)) : `it answered ${status} (${oneLine(answer)})`}, ${attempts === 1 ? 'at the only attempt' : `at the last of ${attempts} attempts`}. ${mendPush(status)}`,
    { cause },
  );

function mendPush(status: number | undefined): string {
  if (status === undefined) return 'Start a Pushgateway at this URL, correct the url, or raise timeoutMs.';
  if (status === 401 || status === 403) return 'Add user and password to the url: http://user:password@host:9091.';
  if (status < 500)
    return 'Correct what the response names: the url, the groupings, or a metric that another job pushes with another type.';
  return "See the Pushgateway's log.";
}

/** Returns the cause of an error of fetch, which contains the reason. */
function rootOf(cause: unknown): unknown {
  try {
    return cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  } catch {
    return cause;
  }
}

function oneLine(text: string): string {
  return short(text.trim().replaceAll(/\s+/g, ' ')) || 'an empty response';
}
