/** What messages may show of an address: credentials stand in any part of it, and in any part of what cannot be read as one. */

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
  return repeats ? 'an answer that repeats the credentials, and is not shown' : text;
}

function secretsOf({ username, password, search, searchParams }: URL): readonly string[] {
  const [user, secret] = [decoded(username), decoded(password)];
  const basic = secret === '' && user === '' ? '' : Buffer.from(`${user}:${secret}`).toString('base64');
  const all = [password, secret, user.length > 3 ? user : '', basic.replace(/=+$/, ''), search.slice(1), ...searchParams.values()];
  return all.filter((each) => each !== '');
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
