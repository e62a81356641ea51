/**
 * What is used of undici's requests that undici does not document.
 *
 * `test/private-api/undici.test.ts` shows what broke if a release of undici or Node.js changes it. Callers work without the parts that are missing.
 */

/** A request as undici's diagnostics channels publish it, in the `fetch` of Node.js and in undici itself. */
export interface UndiciRequest {
  /** A text or a URL. */
  readonly origin?: unknown;
  readonly path: string;
  readonly method: string;
  /** Names and values in turn; a text in undici 5. */
  readonly headers: readonly unknown[] | string;
  addHeader?(name: string, value: string): unknown;
  /** The protocol that the connection is to be upgraded to. */
  readonly upgrade?: string | null;
  onUpgrade?: (this: unknown, ...results: unknown[]) => unknown;
}

/** Whether a request carries a header already. */
export function carriesHeader({ headers }: UndiciRequest, name: string): boolean {
  if (typeof headers === 'string')
    return headers
      .toLowerCase()
      .split('\r\n')
      .some((line) => line.startsWith(`${name}:`));
  for (let index = 0; index < headers.length; index += 2) if (String(headers[index]).toLowerCase() === name) return true;
  return false;
}

/** Adds headers that a request does not carry yet. Never throws: a header that undici refuses is left out. */
export function addMissingHeaders(request: UndiciRequest, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      if (!carriesHeader(request, name)) request.addHeader?.(name, value);
    } catch {
      // The request is sent without it.
    }
  }
}

/** Calls back when the connection of a request is upgraded, which older releases of undici don't publish. */
export function whenUpgraded(request: UndiciRequest, upgraded: (statusCode: number) => void): void {
  const { upgrade, onUpgrade } = request;
  if (!upgrade || typeof onUpgrade !== 'function') return;
  const value = function upgradedTo(this: unknown, ...results: unknown[]): unknown {
    // The first result is null for HTTP/2.
    upgraded(typeof results[0] === 'number' ? results[0] : 200);
    return Reflect.apply(onUpgrade, this, results);
  };
  Object.defineProperty(request, 'onUpgrade', { value, writable: true, configurable: true, enumerable: false });
}

/** Whether a request was ended because nobody can read its response any more: the response was collected. */
export function isOfCollectedResponse(error: unknown): boolean {
  return error === 'Response object has been garbage collected';
}
