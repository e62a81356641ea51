/** Pushes a registry's metrics to a Pushgateway: once, for processes that end before they could be scraped, or again and again. */
import { PROMETHEUS_CONTENT_TYPE } from '../exposition/text.js';
import type { MetricsRegistry } from '../registry.js';
import { answerOf } from './answer.js';
import { attempt, backoffMs } from './attempt.js';
import { gatewayAnswered, invalidPushOption, type PushFailure, pushFailed } from './errors.js';
import type { Exporter } from './exporter.js';
import type { PushLoopOptions } from './loop-options.js';
import { type PushLoop, startExporter } from './push-loop.js';
import { type PushGroup, type PushTarget, pushTarget } from './push-target.js';
import { pause, realTimers } from './push-timers.js';

/** What is pushed, and where to. */
export interface GatewayOptions extends PushGroup {
  readonly registry: MetricsRegistry;
  /**
   * `push` replaces all metrics of the group, `add` only those with the same names.
   * @default 'push'
   */
  readonly method?: 'push' | 'add' | undefined;
}

export interface PushOptions extends GatewayOptions {
  /**
   * How often a failed push is retried, from 0 to 20. Pushes that the Pushgateway rejects (status 4xx) are not retried.
   * @default 3
   */
  readonly retries?: number | undefined;
  /**
   * The pause before the first retry, in milliseconds. It doubles with each further retry, up to 10 s.
   * @default 250
   */
  readonly retryDelayMs?: number | undefined;
  /**
   * The timeout of one attempt, in milliseconds.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
}

/** The checked address and content of pushes. */
interface Gateway {
  readonly target: PushTarget;
  readonly registry: MetricsRegistry;
  readonly verb: 'PUT' | 'POST';
}

/** A push whose options have been checked. */
export interface PreparedPush extends Gateway {
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly timeoutMs: number;
}

const VERBS = { push: 'PUT', add: 'POST' } as const;
const MOST_RETRIES = 20;
const LONGEST_DELAY_MS = 10_000;

/**
 * Pushes all metrics of a registry, in the text format.
 * @throws TSK_ERR_PUSH_FAILED if the last attempt failed too, TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL, TSK_ERR_METRIC_LABEL_NAME
 * @see https://prometheus.io/docs/practices/pushing/
 */
export async function pushMetrics(options: PushOptions): Promise<void> {
  await push(preparedPush(options));
}

/**
 * Pushes all metrics of a registry to a Pushgateway at an interval, until `stop()` of the returned loop is called. For services, let Prometheus scrape
 * them instead, if it can reach them.
 * @throws TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL, TSK_ERR_METRIC_LABEL_NAME
 */
export function startPushing(options: GatewayOptions & PushLoopOptions): PushLoop {
  return startExporter(gatewayExporter(options), options);
}

/** @throws TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL, TSK_ERR_METRIC_LABEL_NAME */
function gatewayExporter(options: GatewayOptions): Exporter<undefined> {
  const gateway = checkedGateway(options);
  const { target } = gateway;
  return {
    name: 'pushgateway',
    target: target.shownUrl,
    // Pushes replace each other, so each has the values of its time.
    read: () => undefined,
    async send(_, { signal }) {
      const failure = await failureOf(gateway, signal);
      if (failure === undefined) return;
      throw failure.status === undefined ? failure.cause : gatewayAnswered(failure.status, failure.answer);
    },
  };
}

/** @throws TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL, TSK_ERR_METRIC_LABEL_NAME */
export function preparedPush(options: PushOptions): PreparedPush {
  const { retries = 3, retryDelayMs = 250, timeoutMs = 5_000 } = options;
  const gateway = checkedGateway(options);
  if (!Number.isInteger(retries) || retries < 0 || retries > MOST_RETRIES)
    throw invalidPushOption('retries', retries, `a whole number from 0 to ${MOST_RETRIES}`);
  if (!Number.isFinite(retryDelayMs) || retryDelayMs < 0) throw invalidPushOption('retryDelayMs', retryDelayMs, 'a number of milliseconds');
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1) throw invalidPushOption('timeoutMs', timeoutMs, 'a whole number of milliseconds');
  return { ...gateway, retries, retryDelayMs, timeoutMs };
}

function checkedGateway(options: GatewayOptions): Gateway {
  const { registry, method = 'push' } = options;
  if (typeof registry?.expose !== 'function') throw invalidPushOption('registry', registry, 'a MetricsRegistry');
  if (!Object.hasOwn(VERBS, method)) throw invalidPushOption('method', method, '"push" or "add"');
  return { target: pushTarget(options), registry, verb: VERBS[method] };
}

/** @throws TSK_ERR_PUSH_FAILED */
export async function push(prepared: PreparedPush): Promise<void> {
  const { target, retries, retryDelayMs } = prepared;
  for (let failures = 1; ; failures += 1) {
    const failure = await attempted(prepared);
    if (failure === undefined) return;
    if (failure.isFinal || failures > retries) throw pushFailed({ ...failure, url: target.shownUrl, job: target.job, attempts: failures });
    await pause(realTimers, backoffMs(failures, { firstMs: retryDelayMs, maxMs: LONGEST_DELAY_MS }));
  }
}

type Failure = Pick<PushFailure, 'status' | 'answer' | 'cause'> & { readonly isFinal: boolean };

async function attempted(prepared: PreparedPush): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  const work = async (signal: AbortSignal): Promise<void> => {
    failure = await failureOf(prepared, signal);
  };
  // The timer keeps the process alive, so that a job does not exit while it waits.
  const result = await attempt(work, { timeoutMs: prepared.timeoutMs, keepsAlive: true, timers: realTimers }).result;
  return result.outcome === 'success' ? failure : { status: undefined, answer: '', cause: result.error, isFinal: false };
}

async function failureOf({ target, registry, verb }: Gateway, signal: AbortSignal): Promise<Failure | undefined> {
  const body = await registry.expose();
  try {
    const response = await fetch(target.address, {
      method: verb,
      headers: { ...target.headers, 'content-type': PROMETHEUS_CONTENT_TYPE },
      body,
      signal,
    });
    const { ok, status } = response;
    // The body is not needed, and may be broken or never end.
    if (ok) return void response.body?.cancel().catch(() => {});
    const answer = target.shownAnswer((await answerOf(response)).toString('utf8'));
    return { status, answer, cause: undefined, isFinal: status < 500 && status !== 408 && status !== 429 };
  } catch (cause) {
    return { status: undefined, answer: '', cause: target.shownCause(cause), isFinal: false };
  }
}
