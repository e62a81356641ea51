/** Reads standard `OTEL_*` variables that are lists of `key=value`. */

/**
 * Reads the text of OTEL_RESOURCE_ATTRIBUTES or OTEL_EXPORTER_OTLP_HEADERS: pairs separated by commas, percent-encoded. A part that is no pair is left
 * out, as the OpenTelemetry specification says; one that can't be decoded is taken as it is.
 * @see https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export function pairsOf(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').flatMap((part) => {
    const equals = part.indexOf('=');
    return equals < 1 ? [] : [[decoded(part.slice(0, equals).trim()), decoded(part.slice(equals + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
