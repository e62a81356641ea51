/** Completes the address of an application to a URL. */

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const ONLY_PORT = /^:?(\d+)(?=\/|$)/;

/** `http://127.0.0.1:8000` for `127.0.0.1:8000`, `8000` and `:8000`; text with a scheme is unchanged. The caller checks whether the result is a valid URL. */
export function completeAddress(text: string): string {
  const trimmed = text.trim();
  return SCHEME.test(trimmed) ? trimmed : `http://${trimmed.replace(ONLY_PORT, '127.0.0.1:$1')}`;
}
