/** Every error of this package: its code, and a function that writes its message. */

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

interface AllowlistEntry {
  /** The key as its writer knows it: `metrics.allowed_ips[1]`. */
  readonly key: string;
  readonly value: unknown;
  /** Where it was written: `application.yml`. */
  readonly source: string;
  readonly mend: string;
}

export const invalidAddress = ({ key, value, source, mend }: AllowlistEntry): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_ALLOWLIST_ENTRY',
    `${key}: ${JSON.stringify(value)} is not an address or CIDR range (${source}). ${mend}`,
  );

export const invalidExclude = (key: string, value: string, source: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_EXCLUDE',
    `${key}: ${JSON.stringify(value)} is not a pattern for methods (${source}). Write Component.method, with * for any part of a name: CacheService.*, *.ping.`,
  );

export const endpointTaken = (path: string, method: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PATH',
    `${method} ${path} is a route of the application and the path of the metrics endpoint. Move one of them: metrics.path in application.yml sets the endpoint's.`,
  );

export const invalidPath = (path: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_METRICS_PATH',
    `metrics.path: ${JSON.stringify(path)} is not a path. Write it with a slash in front and none at the end, such as /metrics.`,
  );

export const notAnObject = (value: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENT_TARGET',
    `instrument() was given ${value === null ? 'null' : `a ${typeof value}`}. Give it the object whose methods are to be measured, such as new OrderService().`,
  );
