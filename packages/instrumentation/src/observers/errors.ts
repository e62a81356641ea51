/** The errors of the metrics and objectives that decorators declare. */
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
