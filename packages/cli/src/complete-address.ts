/** What a person types for the address of an application, as a whole URL. */

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const ONLY_PORT = /^:?(\d+)(?=\/|$)/;

/** `http://127.0.0.1:8000` for `127.0.0.1:8000`, `8000` and `:8000`; what has a scheme stays as it is. Whether it is a URL then is for the caller to see. */
export function completeAddress(text: string): string {
  const trimmed = text.trim();
  return SCHEME.test(trimmed) ? trimmed : `http://${trimmed.replace(ONLY_PORT, '127.0.0.1:$1')}`;
}
