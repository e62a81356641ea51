/** Reads the address of another program, with the user and password that may stand in it. */
import { parsedAddress, shownAddress, shownAnswer, shownCause } from '../shown-address.js';

/** An http or https address: what a request to it needs, and what messages may show. */
export interface RemoteAddress {
  /** As it was given, credentials included. */
  readonly url: URL;
  /** `authorization`, where there are a user and a password. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without user, password, query and fragment. */
  readonly shownUrl: string;
  /** An answer from there, as it may stand in a message. */
  readonly shownAnswer: (answer: string) => string;
  /** What a request failed with, as it may be kept as a cause. */
  readonly shownCause: (cause: unknown) => unknown;
}

/** @returns undefined for what is no address of http or https, or for one whose password was not encoded. */
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
    // A per cent sign that is meant as one.
    return text;
  }
}
