/** The numbers of the fields of responses. @see https://github.com/open-telemetry/opentelemetry-proto */

/** Of `ExportTraceServiceResponse` and `ExportMetricsServiceResponse`, which are alike. */
export const RESPONSE = { partialSuccess: 1 } as const;
export const PARTIAL_SUCCESS = { rejected: 1, errorMessage: 2 } as const;

/** Of `google.rpc.Status`. */
export const STATUS = { message: 2 } as const;
