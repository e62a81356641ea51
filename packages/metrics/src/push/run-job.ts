/** Runs a batch job and pushes its metrics. */
import type { MetricError } from '../errors.js';
import { type PreparedPush, type PushOptions, preparedPush, push } from './push-metrics.js';

/**
 * Runs a job, and then pushes the registry's metrics, even if the job fails. Returns the job's result, or throws its error. If the push fails
 * after all retries, the registry's `onError` is called.
 * @param job the job, which may be async
 * @throws the job's error; TSK_ERR_PUSH_OPTION, TSK_ERR_REMOTE_URL and TSK_ERR_METRIC_LABEL_NAME before it has begun
 */
export async function runJob<R>(options: PushOptions, job: () => R | PromiseLike<R>): Promise<R> {
  const prepared = preparedPush(options);
  try {
    return await job();
  } finally {
    await pushed(prepared);
  }
}

async function pushed(prepared: PreparedPush): Promise<void> {
  try {
    await push(prepared);
  } catch (error) {
    prepared.registry.report(error as MetricError);
  }
}
