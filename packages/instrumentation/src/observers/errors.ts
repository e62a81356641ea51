/** The errors of the metrics and objectives that decorators declare. */
import { MetricError } from '@tsukimi/metrics';
import { errorClassName } from '../error-class-name.js';
import { InstrumentationError } from '../errors.js';

interface RefusedMetric {
  readonly decorator: string;
  readonly member: string;
  readonly name: string;
}

export const methodMetricRefused = ({ decorator, member, name }: RefusedMetric, cause: Error): InstrumentationError =>
  new InstrumentationError('TSK_ERR_OBSERVER_METRIC', `${decorator}({ name: ${JSON.stringify(name)} }) on ${member}: ${cause.message}`, {
    cause,
  });

export const methodMetricReserved = ({ decorator, member, name }: RefusedMetric): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_OBSERVER_METRIC',
    `${decorator}({ name: ${JSON.stringify(name)} }) on ${member}: the instrumentation already records a metric of that name. Use another name.`,
  );

interface FailedObserver {
  readonly component: string;
  readonly method: string;
  /** The function of the observer. */
  readonly what: string;
}

/** Reported through a registry, never thrown. */
export const observerFailed = ({ component, method, what }: FailedObserver, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_OBSERVER_CALL',
    `${what} of a call observer threw ${errorClassName(cause)} for ${component}.${method}. The call was not affected. Fix the observer; its further errors are not reported.`,
    { cause },
  );

interface ConflictingSlos {
  /** Value of the `slo` label. */
  readonly slo: string;
  /** `99.9 % within 250 ms by @Slo on OrderController` */
  readonly declarations: readonly [string, string];
}

export const sloConflict = ({ slo, declarations }: ConflictingSlos): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_OBSERVER_SLO_CONFLICT',
    `The objective of ${JSON.stringify(slo)} is ${declarations[0]}, and ${declarations[1]}. Give both the same objective, or rename one of the components.`,
  );
