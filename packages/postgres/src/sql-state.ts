/** The class of an error's SQLSTATE, which is the label of failures. */

/**
 * The classes that PostgreSQL documents. Functions can raise any other, which share one label value.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const CLASSES: ReadonlySet<string> = new Set(
  '00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX'.split(
    ' ',
  ),
);

/** For errors without an SQLSTATE: the connection was lost, never made, or refused to send more. */
export const CONNECTION = 'connection';

/** For errors without an SQLSTATE on a connection that works: pg itself refused the query, or a result could not be read. */
const NONE = 'none';

const OTHER = '__other__';

/**
 * Returns the first two characters of the SQLSTATE, or what stands for it. Never throws.
 * @param isLost whether the error came with the loss of the connection
 */
export function sqlStateClass(error: unknown, isLost: boolean): string {
  try {
    const { code, severity, syscall } = (error ?? {}) as {
      readonly code?: unknown;
      readonly severity?: unknown;
      readonly syscall?: unknown;
    };
    // Errors of Node.js have codes too, and EPIPE looks like an SQLSTATE. Only the server's errors have a severity.
    if (typeof severity === 'string' && typeof code === 'string' && /^[\dA-Z]{5}$/.test(code)) {
      const start = code.slice(0, 2);
      return CLASSES.has(start) ? start : OTHER;
    }
    return isLost || typeof syscall === 'string' ? CONNECTION : NONE;
  } catch {
    return NONE;
  }
}
