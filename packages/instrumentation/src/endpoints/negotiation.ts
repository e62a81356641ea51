/** Which representation of the metrics a client prefers. */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

export type Representation = 'json' | 'text';

const JSON_TYPE = 'application/json';
const TEXT_TYPES = ['text/plain', 'application/openmetrics-text'];

/**
 * JSON for everybody but a client that prefers one of Prometheus's types, as its scraper does by quality values.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function preferredRepresentation({ headers }: Pick<IncomingMessage, 'headers'>): Representation {
  const accept = withoutParameters(headers.accept ?? '*/*');
  const preferred = new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, ...TEXT_TYPES]);
  return preferred !== undefined && TEXT_TYPES.includes(preferred) ? 'text' : 'json';
}

/** Versions and escapings say which text a scraper likes best; whichever it is, it is text, and there is one to give. */
function withoutParameters(accept: string): string {
  return accept.replace(/;\s*(?!q=)[\w-]+=("[^"]*"|[^;,]*)/gi, '');
}
