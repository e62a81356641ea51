/** The errors of observers of calls to other systems. */
import { MetricError } from '@tsukimi/metrics';
import { errorClassName } from '../error-class-name.js';

/** Reported through a registry, never thrown. */
export const observerFailed = (cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_CLIENT_CALL_OBSERVER',
    `An observer of calls to other systems threw ${errorClassName(cause)}. The calls are not affected, but the observer may have missed some of them. Fix the observer; this is reported once.`,
    { cause },
  );
