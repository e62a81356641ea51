/** Pushes a registry's metrics to a Pushgateway, for processes that end before they could be scraped. */
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { PROMETHEUS_CONTENT_TYPE } from '../exposition/text.js';
import type { MetricsRegistry } from '../registry.js';
import { invalidPushOption, type PushFailure, pushFailed } from './errors.js';
import { type PushGroup, type PushTarget, pushTarget } from './push-target.js';

export interface PushOptions extends PushGroup {
  readonly registry: MetricsRegistry;
  /**
   * `push` replaces all metrics of the group, `add` only those with the same names.
   * @default 'push'
   */
  readonly method?: 'push' | 'add' | undefined;
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

/** A push whose options have been checked. */
export interface PreparedPush {
  readonly target: PushTarget;
  readonly registry: MetricsRegistry;
  readonly verb: 'PUT' | 'POST';
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

/** @throws TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL, TSK_ERR_METRIC_LABEL_NAME */
export function preparedPush(options: PushOptions): PreparedPush {
  const { registry, method = 'push', retries = 3, retryDelayMs = 250, timeoutMs = 5_000 } = options;
  if (typeof registry?.expose !== 'function') throw invalidPushOption('registry', registry, 'a MetricsRegistry');
  if (!Object.hasOwn(VERBS, method)) throw invalidPushOption('method', method, '"push" or "add"');
  if (!Number.isInteger(retries) || retries < 0 || retries > MOST_RETRIES)
    throw invalidPushOption('retries', retries, `a whole number from 0 to ${MOST_RETRIES}`);
  if (!Number.isFinite(retryDelayMs) || retryDelayMs < 0) throw invalidPushOption('retryDelayMs', retryDelayMs, 'a number of milliseconds');
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1) throw invalidPushOption('timeoutMs', timeoutMs, 'a whole number of milliseconds');
  return { target: pushTarget(options), registry, verb: VERBS[method], retries, retryDelayMs, timeoutMs };
}

/** @throws TSK_ERR_PUSH_FAILED */
export async function push(prepared: PreparedPush): Promise<void> {
  const { target, retries, retryDelayMs } = prepared;
  for (let attempt = 1; ; attempt += 1) {
    const failure = await failureOf(prepared);
    if (failure === undefined) return;
    if (failure.isFinal || attempt > retries) throw pushFailed({ ...failure, url: target.shownUrl, job: target.job, attempts: attempt });
    await delay(Math.min(LONGEST_DELAY_MS, retryDelayMs * 2 ** (attempt - 1)));
  }
}

type Failure = Pick<PushFailure, 'status' | 'answer' | 'cause'> & { readonly isFinal: boolean };

async function failureOf(prepared: PreparedPush): Promise<Failure | undefined> {
  const { target, registry, verb, timeoutMs } = prepared;
  const body = await registry.expose();
  const deadline = new Deadline(timeoutMs);
  try {
    const response = await deadline.before(
      fetch(target.address, {
        method: verb,
        headers: { ...target.headers, 'content-type': PROMETHEUS_CONTENT_TYPE },
        body,
        signal: deadline.signal,
      }),
    );
    const { ok, status } = response;
    // The body is not needed, and may be broken or never end.
    if (ok) return void response.body?.cancel().catch(() => {});
    const answer = target.shownAnswer(await deadline.before(answerOf(response)).catch(() => ''));
    return { status, answer, cause: undefined, isFinal: status < 500 && status !== 408 && status !== 429 };
  } catch (cause) {
    return { status: undefined, answer: '', cause: target.shownCause(cause), isFinal: false };
  } finally {
    deadline.end();
  }
}

/** Far more than the Pushgateway sends. */
const LONGEST_ANSWER = 64 * 1024;

/** Returns the beginning of a response, or as much as can be read if it breaks off. */
async function answerOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > LONGEST_ANSWER) break;
    }
  } catch {
    // Use what was read so far.
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The time limit of an attempt. Unlike that of AbortSignal.timeout, its timer keeps the process alive, so that a job does not exit while it waits. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #passed: Promise<never>;

  constructor(timeoutMs: number) {
    this.#passed = new Promise((_, reject) => {
      this.#controller.signal.addEventListener('abort', () => reject(this.#controller.signal.reason), { once: true });
    });
    this.#passed.catch(() => {});
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    this.#timer = setTimeout(() => this.#controller.abort(reason), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Returns the result of the work if it is in time, even if the work ignores the signal. */
  async before<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.#passed]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
