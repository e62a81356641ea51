/** The errors of pushing metrics. */
import { MetricError } from '../errors.js';
import { describe, describeValue, quote, short } from '../wording.js';

export const invalidPushOption = (option: string, received: unknown, allowed: string): MetricError =>
  new MetricError('TSK_ERR_PUSH_OPTION', `${option} is ${describeValue(received)}; ${allowed} is expected.`);

/** Servers end some of their messages with a full stop, and long ones are cut. */
const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

interface ExporterFailure {
  readonly name: string;
  /** Without credentials. */
  readonly target: string;
  /** Without credentials. */
  readonly why: string;
}

export const exporterDown = ({ name, target, why }: ExporterFailure, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_PUSH_DOWN',
    `The exporter ${name} does not reach ${target}: ${sentence(why)} What is recorded is kept and sent when a push succeeds; start the other side, or correct its address and credentials.`,
    { cause },
  );

export const batchDropped = ({ name, target, why }: ExporterFailure, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_PUSH_REJECTED',
    `The exporter ${name} dropped a batch that ${target} does not accept: ${sentence(why)} Its values are missing there; correct what the reason names.`,
    { cause },
  );

export const stoppedUnsent = ({ name, target, limitMs }: Omit<ExporterFailure, 'why'> & { readonly limitMs: number }): MetricError =>
  new MetricError(
    'TSK_ERR_PUSH_UNSENT',
    `The exporter ${name} stopped before ${target} confirmed its last values, within ${limitMs} ms. They may be missing there. If the other side was only slow, raise the exporter's flush timeout.`,
  );

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

/** The reason of a failed push, for the report of the exporter. */
export const gatewayAnswered = (status: number, answer: string): Error => new Error(`it answered ${status} (${oneLine(answer)})`);

function mendPush(status: number | undefined): string {
  if (status === undefined) return 'Start a Pushgateway at this URL, correct the url, or raise timeoutMs.';
  if (status === 401 || status === 403) return 'Add user and password to the url: http://user:password@host:9091.';
  if (status < 500)
    return 'Correct what the response names: the url, the groupings, or a metric that another job pushes with another type.';
  return "See the Pushgateway's log.";
}

/** Returns the cause of an error of fetch, which contains the reason. */
export function rootOf(cause: unknown): unknown {
  try {
    return cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  } catch {
    return cause;
  }
}

function oneLine(text: string): string {
  return short(text.trim().replaceAll(/\s+/g, ' ')) || 'an empty response';
}
