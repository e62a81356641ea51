/** Pushes a registry's metrics to a Pushgateway, for what ends before it could be scraped. */
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { PROMETHEUS_CONTENT_TYPE } from '../exposition/text.js';
import type { MetricsRegistry } from '../registry.js';
import { invalidPushOption, type PushFailure, pushFailed } from './errors.js';
import { type PushGroup, type PushTarget, pushTarget } from './push-target.js';

export interface PushOptions extends PushGroup {
  readonly registry: MetricsRegistry;
  /** `push` replaces all metrics of the group, `add` only those of the same names; `push` unless told. */
  readonly method?: 'push' | 'add' | undefined;
  /** How often a push that failed is tried again, from 0 to 20; 3 unless told. What the Pushgateway refuses (status 4xx) is not. */
  readonly retries?: number | undefined;
  /** The pause before the first retry, in milliseconds; doubled before each further one, up to 10 s. 250 unless told. */
  readonly retryDelayMs?: number | undefined;
  /** How long one attempt may take, in milliseconds; 5000 unless told. */
  readonly timeoutMs?: number | undefined;
}

/** A push that can be made: what it needs was checked. */
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
    // The status says it all: what follows may be broken or never end.
    if (ok) return void response.body?.cancel().catch(() => {});
    const answer = target.shownAnswer(await deadline.before(answerOf(response)).catch(() => ''));
    return { status, answer, cause: undefined, isFinal: status < 500 && status !== 408 && status !== 429 };
  } catch (cause) {
    return { status: undefined, answer: '', cause: target.shownCause(cause), isFinal: false };
  } finally {
    deadline.end();
  }
}

/** Far more than a Pushgateway has to say. */
const LONGEST_ANSWER = 64 * 1024;

/** The beginning of an answer, or all that can be read of one that breaks off. */
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
    // What came before it is the answer.
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The end of an attempt. Its timer keeps the process alive, as AbortSignal.timeout's does not: a job would end without a word while it waits. */
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

  /** The work's result, if it comes in time, whether or not the work minds the signal. */
  async before<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.#passed]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
