/** What metrics that follow OpenTelemetry's semantic conventions are called there. Prometheus does not allow the dots of their names. */

/** The attribute that a label stands for. */
export interface OpenTelemetryAttribute {
  readonly key: string;
  /** Whether its value is a whole number in OpenTelemetry. */
  readonly isInt?: boolean;
}

/** The name of a metric in OpenTelemetry, and its attributes by label. */
export interface OpenTelemetryName {
  readonly name: string;
  /** A label that each of its series has. A metric without it only happens to have the name. */
  readonly requires: string;
  readonly attributes: Readonly<Record<string, OpenTelemetryAttribute>>;
}

const HTTP_ATTRIBUTES = {
  http_request_method: { key: 'http.request.method' },
  http_response_status_code: { key: 'http.response.status_code', isInt: true },
  url_scheme: { key: 'url.scheme' },
  error_type: { key: 'error.type' },
} as const;

/** The metrics with stable conventions, by their names in Prometheus. @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
export const OPENTELEMETRY_NAMES: Readonly<Record<string, OpenTelemetryName>> = Object.freeze({
  http_server_request_duration_seconds: {
    name: 'http.server.request.duration',
    requires: 'http_request_method',
    attributes: { ...HTTP_ATTRIBUTES, http_route: { key: 'http.route' } },
  },
  http_client_request_duration_seconds: {
    name: 'http.client.request.duration',
    requires: 'http_request_method',
    attributes: {
      ...HTTP_ATTRIBUTES,
      server_address: { key: 'server.address' },
      server_port: { key: 'server.port', isInt: true },
    },
  },
  db_client_operation_duration_seconds: {
    name: 'db.client.operation.duration',
    requires: 'db_system_name',
    attributes: {
      db_system_name: { key: 'db.system.name' },
      db_operation_name: { key: 'db.operation.name' },
      db_namespace: { key: 'db.namespace' },
      db_response_status_code: { key: 'db.response.status_code' },
      error_type: { key: 'error.type' },
    },
  },
});
