/** Formats addresses for messages. Any part of an address, and of text that is not a valid address, may contain credentials. */
import { inspect } from 'node:util';

const PLAIN_PATH = /^(?:\/[\w.~-]{0,40})*$/;
const USERINFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'<>]*@/gi;
const QUERY = /\b([a-z][a-z\d+.-]*:\/\/[^\s"'<>?]*)\?[^\s"'<>]*/gi;

/**
 * Returns an address for messages: origin and path, without user, password, query and fragment. Text that is not an http or https address is only
 * described. If there is an `@` after the host, which may be part of a password, only the scheme is shown.
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

/** Parses an http or https address; undefined for other text, and for addresses whose password may not be encoded. */
export function parsedAddress(address: unknown): URL | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && !url.pathname.includes('@') ? url : undefined;
}

/** Removes the credentials and queries of URLs from a message of the platform or a library. */
export function withoutUrlSecrets(message: string): string {
  return message.replace(USERINFO, '$1***@').replace(QUERY, '$1?***');
}

/**
 * Returns a response for messages. If it repeats a part of the credentials or the query, it is withheld.
 * @param url the address of the request, including credentials and query
 */
export function shownAnswer(answer: string, url: URL): string {
  const text = withoutUrlSecrets(answer);
  const spellings = [text, decoded(text), text.replaceAll(/&#x?[\da-f]+;|&\w+;/gi, '')].map((each) => each.toLowerCase());
  const repeats = secretsOf(url).some((secret) => spellings.some((each) => each.includes(secret.toLowerCase())));
  return repeats ? 'a response that repeats the credentials and is not shown' : text;
}

/**
 * Returns the error of a request in a form that can be the cause of our own error: unchanged, unless the error or one of its causes repeats secrets
 * of the URL or a response (an HTTP parser keeps all of it). In that case, an error with only its name and code.
 * @param url the address of the request, including credentials and query
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
  // Part of a long secret reveals most of it.
  const parts = [secret, ...searchParams.values()].flatMap((each) => each.match(/\w{8,}/g) ?? []);
  return [...all, ...parts].filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The percent sign is literal.
    return text;
  }
}

function hasStrayAt({ pathname, search, hash }: URL): boolean {
  return /@|%40/.test(pathname) || /@/.test(search) || /@/.test(hash);
}

function describeText(text: string): string {
  return text === '' ? '""' : `a text of ${text.length} character${text.length === 1 ? '' : 's'}`;
}
