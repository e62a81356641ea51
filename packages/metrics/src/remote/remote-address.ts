/** Parses the address of another program, which may contain a user and password. */
import { parsedAddress, shownAddress, shownAnswer, shownCause } from '../shown-address.js';

/** An http or https address, and its form for messages. */
export interface RemoteAddress {
  /** The complete URL, including credentials. */
  readonly url: URL;
  /** The headers for requests: `authorization` if the address has a user and password. */
  readonly headers: Readonly<Record<string, string>>;
  /** The URL for messages, without user, password, query and fragment. */
  readonly shownUrl: string;
  /** Returns the form of a response for messages. */
  readonly shownAnswer: (answer: string) => string;
  /** Returns the form of a request's error that can be kept as a cause. */
  readonly shownCause: (cause: unknown) => unknown;
}

/** Parses an address. @returns undefined if it is not an http or https address, or if its password is not encoded. */
export function remoteAddress(address: unknown): RemoteAddress | undefined {
  const url = parsedAddress(address instanceof URL ? address.href : address);
  if (url === undefined) return undefined;
  return {
    url,
    headers: authorization(url),
    shownUrl: shownAddress(url),
    shownAnswer: (answer) => shownAnswer(answer, url),
    shownCause: (cause) => shownCause(cause, url),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The percent sign is literal.
    return text;
  }
}
