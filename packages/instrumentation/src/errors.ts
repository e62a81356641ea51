/** Every error of this package: its code, and a function that writes its message. */
import { describeReceived } from '@tsukimi/core';

/** An error of the instrumentation: what happened, what was received, how to mend it. Always at start, never in a call. */
export class InstrumentationError extends Error {
  override readonly name: string = 'InstrumentationError';
  constructor(
    /** Stable, listed in docs/reference/errors.md. */
    readonly code: `TSK_ERR_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A value that somebody wrote, and where. */
interface ReceivedValue {
  /** The key as its writer knows it: `metrics.allowed_ips[1]`. */
  readonly key: string;
  readonly value: unknown;
  /** Where it was written: `application.yml`. */
  readonly source: string;
}

export const invalidAddress = ({ key, value, source, mend }: ReceivedValue & { readonly mend: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_ALLOWLIST_ENTRY', `${key}: ${printed(value)} is not an address or CIDR range (${source}). ${mend}`);

export const invalidExclude = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_EXCLUDE',
    `${key}: ${printed(value)} is not a pattern for methods (${source}). Write Component.method, with * for any part of a name: CacheService.*, *.ping.`,
  );

export const invalidRoutePattern = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_HTTP_EXCLUDE',
    `${key}: ${printed(value)} is not a pattern for routes (${source}). Write the route's template, with * for any part of it and a method in front where only that one is meant: /health/*, GET /events.`,
  );

export const endpointTaken = (path: string, method: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PATH',
    `${method} ${path} is a route of the application and the path of the metrics endpoint. Move one of them: metrics.path in application.yml sets the endpoint's.`,
  );

/** The port of the endpoints, and where it is set. */
export interface PortSetting {
  readonly port: number;
  /** `metrics.port or TSUKIMI_METRICS_PORT`, or the plugin's option. */
  readonly setBy: string;
}

type PortOnHost = PortSetting & { readonly host: string };

export const metricsPortInUse = ({ host, port, setBy }: PortOnHost, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PORT_IN_USE',
    `Port ${port} on ${host}, meant for the metrics, is in use by another program. Stop it (find it with: lsof -i :${port}), or set ${setBy} to another port.`,
    { cause },
  );

export const metricsPortForbidden = ({ host, port, setBy }: PortOnHost, cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PORT_FORBIDDEN',
    `Port ${port} on ${host}, meant for the metrics, may not be used by this user. Set ${setBy} to a port from 1024 on.`,
    { cause },
  );

export const metricsPortShared = ({ port, setBy }: PortSetting): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PORT_SHARED',
    `Port ${port} is the application's own, and was given for the metrics too. Set ${setBy} to another port, or to null: the metrics are then served on the application's.`,
  );

export const serverClosed = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PORT_CLOSED',
    'The server was closed while it was about to listen. Wait for listen() before close().',
  );

export const invalidPath = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PATH_FORM',
    `${key}: ${printed(value)} is not a path (${source}). Write it with a slash in front and none at the end, of letters, digits and - . _ ~, such as /metrics.`,
  );

export const invalidDefaultLabel = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_DEFAULT_LABEL',
    `${key}: ${printed(value)} is not a label name (${source}). Use letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are taken by Prometheus.`,
  );

export const invalidOption = ({ key, value, source, allowed }: ReceivedValue & { readonly allowed: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_INSTRUMENTATION_OPTION', `${key}: ${printed(value)} is not ${allowed} (${source}). Give ${allowed}.`);

const EXAMPLES: Readonly<Record<string, string>> = { '@Instrumented': '', '@Slo': '{ objective: 99.9 }' };

export const decoratorNotCalled = (decorator: string, target: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTED_NOT_CALLED',
    `${decorator} on ${target} was written without parentheses. Write ${decorator}(${EXAMPLES[decorator] ?? "{ name: '...' }"}).`,
  );

interface RefusedMember {
  readonly decorator: string;
  readonly member: string;
  readonly why: string;
}

export const memberNotMeasurable = ({ decorator, member, why }: RefusedMember): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTED_MEMBER',
    `${decorator}() is on ${member}, ${why}. Put it on an instance method with a plain name${decorator in EXAMPLES ? ', or on the class' : ''}.`,
  );

interface RefusedOptions {
  readonly decorator: string;
  readonly member: string;
  readonly what: string;
  readonly allowed: string;
}

export const invalidMethodMetric = ({ decorator, member, what, allowed }: RefusedOptions): InstrumentationError =>
  new InstrumentationError('TSK_ERR_METHOD_METRIC_OPTIONS', `${decorator} on ${member} was given ${what}. Give it ${allowed}.`);

interface RefusedMetric {
  readonly decorator: string;
  readonly member: string;
  readonly name: string;
}

export const methodMetricRefused = ({ decorator, member, name }: RefusedMetric, cause: Error): InstrumentationError =>
  new InstrumentationError('TSK_ERR_METHOD_METRIC', `${decorator}({ name: ${JSON.stringify(name)} }) on ${member}: ${cause.message}`, {
    cause,
  });

export const methodMetricReserved = ({ decorator, member, name }: RefusedMetric): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METHOD_METRIC',
    `${decorator}({ name: ${JSON.stringify(name)} }) on ${member}: that is a metric which the instrumentation keeps itself. Use another name.`,
  );

interface RefusedSlo {
  /** `OrderController`, `OrderController.create` */
  readonly member: string;
  readonly allowed: string;
}

export const invalidSlo = ({
  member,
  key,
  value,
  allowed,
}: RefusedSlo & { readonly key: string; readonly value: unknown }): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_SLO_OPTIONS',
    `@Slo on ${member} was given ${value === undefined ? `no ${key}` : `${key}: ${printed(value)}`}. Give it ${allowed}.`,
  );

export const unknownSloOption = ({ member, key, allowed }: RefusedSlo & { readonly key: string }): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_SLO_OPTIONS',
    `@Slo on ${member} was given an option that does not exist, ${JSON.stringify(key)}. Give it ${allowed}.`,
  );

export const sloTwice = (member: string): InstrumentationError =>
  new InstrumentationError('TSK_ERR_SLO_TWICE', `@Slo is on ${member} twice. Keep one: a class and a method have one objective each.`);

interface ConflictingSlos {
  /** Value of the `slo` label. */
  readonly slo: string;
  /** `99.9 % within 250 ms by @Slo on OrderController` */
  readonly declarations: readonly [string, string];
}

export const sloConflict = ({ slo, declarations }: ConflictingSlos): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_SLO_CONFLICT',
    `The objective of ${JSON.stringify(slo)} is ${declarations[0]}, and ${declarations[1]}. Give both the same, or one of the components another name.`,
  );

export const notAnObject = (value: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENT_TARGET',
    `instrument() was given ${value === null || value === undefined ? String(value) : `a ${typeof value}`}. Give it the object whose methods are to be measured, such as new OrderService().`,
  );

interface UnknownMethod {
  /** `include[0]` */
  readonly key: string;
  readonly entry: string;
  readonly guess: string | undefined;
}

export const methodUnknown = ({ key, entry, guess }: UnknownMethod): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENT_METHOD',
    `${key}: ${JSON.stringify(entry)} is no method of the object that instrument() was given. ${guess === undefined ? 'Give the name of a public method or of a function that the object holds; accessors, symbols and names with a leading underscore are never measured' : `Did you mean ${JSON.stringify(guess)}?`}${guess === undefined ? '.' : ''}`,
  );

/** A value as it can stand in a message: numbers and the like, of anything else type and size. */
function printed(value: unknown): string {
  return describeReceived(value, { isPlain: true });
}
