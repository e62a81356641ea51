/** Which representation of the metrics a client prefers. */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

export type Representation = 'json' | 'text';

const TEXT_TYPES = ['text/plain;version=0.0.4', 'application/openmetrics-text;version=1.0.0', 'application/openmetrics-text;version=0.0.1'];
const JSON_TYPE = 'application/json';

/**
 * JSON for everybody but a client that prefers one of Prometheus's types, as its scraper does by quality values.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function preferredRepresentation(request: IncomingMessage): Representation {
  const preferred = new Negotiator(request).mediaType([JSON_TYPE, ...TEXT_TYPES]);
  return preferred !== undefined && TEXT_TYPES.includes(preferred) ? 'text' : 'json';
}
