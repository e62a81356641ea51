/** What messages may show of an address: credentials stand in any part of it, and in any part of what cannot be read as one. */
import { inspect } from 'node:util';

const PLAIN_PATH = /^(?:\/[\w.~-]{0,40})*$/;
const USERINFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'<>]*@/gi;
const QUERY = /\b([a-z][a-z\d+.-]*:\/\/[^\s"'<>?]*)\?[^\s"'<>]*/gi;

/**
 * An address for messages: origin and path, without user, password, query and fragment. What is no address of http or https is only
 * described, and of one with an `@` behind the host, where a password may go on, only the scheme is shown.
 *
 * @example shownAddress('http://ann:x@gateway:9091/prefix?token=y') // http://gateway:9091/prefix
 */
export function shownAddress(address: unknown): string {
  const url = address instanceof URL ? address : parsedAddress(address);
  if (url === undefined)
    return typeof address === 'string'
      ? describeText(address)
      : address === undefined || address === null
        ? String(address)
        : `a value of type ${typeof address}`;
  if (hasStrayAt(url)) return `${url.protocol}//...`;
  return `${url.origin}${PLAIN_PATH.test(url.pathname) ? url.pathname : '/...'}`;
}

/** The address where it can be read as one of http or https, and cannot be one whose password was not encoded. */
export function parsedAddress(address: unknown): URL | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && !url.pathname.includes('@') ? url : undefined;
}

/** A message of the platform's or a library's without the credentials and queries of URLs in it. */
export function withoutUrlSecrets(message: string): string {
  return message.replace(USERINFO, '$1***@').replace(QUERY, '$1?***');
}

/**
 * An answer of the other side for messages; what repeats a part of the credentials or the query that it was sent is withheld.
 * @param url the address that was asked, credentials and query included
 */
export function shownAnswer(answer: string, url: URL): string {
  const text = withoutUrlSecrets(answer);
  const spellings = [text, decoded(text), text.replaceAll(/&#x?[\da-f]+;|&\w+;/gi, '')].map((each) => each.toLowerCase());
  const repeats = secretsOf(url).some((secret) => spellings.some((each) => each.includes(secret.toLowerCase())));
  return repeats ? 'a response that repeats the credentials and is not shown' : text;
}

/**
 * What a request failed with, as it may be the cause of an error of ours: as it is, unless it or one of its causes repeats a URL's secrets or an
 * answer (an HTTP parser keeps all of it); then an error with its name and code alone.
 * @param url the address that was asked, credentials and query included
 */
export function shownCause(cause: unknown, url: URL): unknown {
  try {
    const shown = inspect(cause, { depth: null, maxStringLength: null, maxArrayLength: null, breakLength: Number.POSITIVE_INFINITY });
    const text = [shown.replaceAll(/\n *at .*/g, ''), messageOf(cause), messageOf(rootOf(cause))].join('\n');
    const isSilent =
      withoutUrlSecrets(text) === text && !/HTTPParserError/.test(text) && !secretsOf(url).some((each) => text.includes(each));
    return isSilent ? cause : withoutDetails(cause);
  } catch {
    return new Error('an error that cannot be read');
  }
}

function rootOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}

function withoutDetails(cause: unknown): Error {
  const { name = 'Error', code } = (rootOf(cause) ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const safe = new Error(
    typeof code === 'string' && /^[A-Z_\d]{2,40}$/.test(code) ? code : 'the rest may repeat credentials and is not shown',
  );
  safe.name = typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : 'Error';
  return safe;
}

function secretsOf({ username, password, search, searchParams }: URL): readonly string[] {
  const [user, secret] = [decoded(username), decoded(password)];
  const basic = secret === '' && user === '' ? '' : Buffer.from(`${user}:${secret}`).toString('base64');
  const all = [password, secret, user.length > 3 ? user : '', basic.replace(/=+$/, ''), search.slice(1), ...searchParams.values()];
  // A part of a long one gives most of it away.
  const parts = [secret, ...searchParams.values()].flatMap((each) => each.match(/\w{8,}/g) ?? []);
  return [...all, ...parts].filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that is meant as one.
    return text;
  }
}

function hasStrayAt({ pathname, search, hash }: URL): boolean {
  return /@|%40/.test(pathname) || /@/.test(search) || /@/.test(hash);
}

function describeText(text: string): string {
  return text === '' ? '""' : `a text of ${text.length} character${text.length === 1 ? '' : 's'}`;
}
