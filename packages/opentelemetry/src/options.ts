/** The options that traces and metrics share: who sends, and where to. */

/** Who sends, and where to. What is absent is taken from the standard `OTEL_*` variables. */
export interface OtlpOptions {
  /**
   * The name of the service, `service.name`.
   * @default OTEL_SERVICE_NAME, `service.name` of OTEL_RESOURCE_ATTRIBUTES, DD_SERVICE, the name of the application, or 'unknown_service:node'
   */
  readonly service?: string | undefined;
  /**
   * The environment it runs in, `deployment.environment.name`.
   * @default `deployment.environment.name` of OTEL_RESOURCE_ATTRIBUTES, or DD_ENV
   */
  readonly env?: string | undefined;
  /**
   * The version of the service, `service.version`.
   * @default `service.version` of OTEL_RESOURCE_ATTRIBUTES, DD_VERSION, or the version of the application
   */
  readonly version?: string | undefined;
  /** Further resource attributes. They win over those of OTEL_RESOURCE_ATTRIBUTES. */
  readonly resource?: Readonly<Record<string, string>> | undefined;
  /**
   * The address of the OTLP/HTTP receiver, to which `/v1/traces` and `/v1/metrics` are appended.
   * @default OTEL_EXPORTER_OTLP_ENDPOINT, or 'http://127.0.0.1:4318'
   */
  readonly endpoint?: string | undefined;
  /**
   * HTTP headers of each export, such as an API key. They are never shown.
   * @default OTEL_EXPORTER_OTLP_HEADERS
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** @default OTEL_EXPORTER_OTLP_COMPRESSION, or 'none' */
  readonly compression?: 'none' | 'gzip' | undefined;
  /**
   * The time limit of one export, in milliseconds.
   * @default OTEL_EXPORTER_OTLP_TIMEOUT, or 10_000
   */
  readonly timeoutMs?: number | undefined;
}

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
