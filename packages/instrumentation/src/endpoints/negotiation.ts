/** Content negotiation: finds the representation that a client prefers. */
import type { IncomingMessage } from 'node:http';
import type { ExpositionFormat } from '@tsukimi/metrics';
import Negotiator from 'negotiator';

/** JSON for people; one of Prometheus's formats for scrapers. */
export type Representation = 'json' | ExpositionFormat;

type RequestHeaders = Pick<IncomingMessage, 'headers'>;

const TYPES: Readonly<Record<Representation, string>> = {
  json: 'application/json',
  prometheus: 'text/plain',
  openmetrics: 'application/openmetrics-text',
  protobuf: 'application/vnd.google.protobuf',
};

/**
 * Returns the representation that a client prefers by its quality values; the first one if several are equal or none is accepted.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function preferredOf<R extends Representation>(offered: readonly [R, ...R[]], { headers }: RequestHeaders): R {
  const accept = readable(headers.accept ?? '*/*');
  const preferred = new Negotiator({ headers: { accept } }).mediaType(offered.map((each) => TYPES[each]));
  return offered.find((each) => TYPES[each] === preferred) ?? offered[0];
}

/** Returns whether a client explicitly accepts HTML, as browsers do. */
export function acceptsHtml({ headers }: RequestHeaders): boolean {
  return (headers.accept ?? '').split(',').some((range) => isOf(range, 'text/html'));
}

/** Returns whether a client accepts gzip. */
export function acceptsGzip({ headers }: RequestHeaders): boolean {
  return new Negotiator({ headers }).encoding(['gzip', 'identity']) === 'gzip';
}

/**
 * Removes irrelevant parameters from the header, and versions of OpenMetrics that are not supported. A client that only accepts those gets the text
 * format, which it can read too.
 */
function readable(accept: string): string {
  const ranges = (accept.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).filter((range) => !isOtherProtobuf(range));
  const known = ranges.filter((range) => !isOtherOpenMetrics(range));
  const usable = known.some(isForScrapers) ? known : ranges.map((range) => (isOtherOpenMetrics(range) ? asText(range) : range));
  return usable.map(withoutParameters).join(',');
}

function isOtherOpenMetrics(range: string): boolean {
  const version = parameter(range, 'version');
  return isOf(range, TYPES.openmetrics) && version !== undefined && version !== '1.0.0';
}

/** Another message than a metric family, or families that are not delimited: as Prometheus's Go client does, no protobuf is sent then. */
function isOtherProtobuf(range: string): boolean {
  if (!isOf(range, TYPES.protobuf)) return false;
  return parameter(range, 'proto') !== 'io.prometheus.client.MetricFamily' || parameter(range, 'encoding') !== 'delimited';
}

function parameter(range: string, name: string): string | undefined {
  return new RegExp(`;\\s*${name}\\s*=\\s*"?([^\\s";]*)`, 'i').exec(range)?.[1];
}

function isForScrapers(range: string): boolean {
  return isOf(range, TYPES.openmetrics) || isOf(range, TYPES.prometheus) || isOf(range, TYPES.protobuf);
}

function isOf(range: string, type: string): boolean {
  return range.split(';', 1)[0]?.trim().toLowerCase() === type;
}

function asText(range: string): string {
  return range.replace(/^[^;]*/, TYPES.prometheus);
}

function withoutParameters(range: string): string {
  return range.replace(/;\s*(?!q=)[\w-]+=("[^"]*"|[^;]*)/gi, '');
}
