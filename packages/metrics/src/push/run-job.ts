/** A job that ends: run, and its metrics pushed, whatever becomes of either. */
import type { MetricError } from '../errors.js';
import { type PreparedPush, type PushOptions, preparedPush, push } from './push-metrics.js';

/**
 * Runs a job, then pushes the registry's metrics, after a failed job too. The job's own result or error is the caller's: a push that fails
 * is told to the registry's `onError`, once its retries are used up.
 * @param job may be async
 * @throws what the job throws; TSK_ERR_PUSH_OPTION and TSK_ERR_METRIC_LABEL_NAME before it has begun
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
