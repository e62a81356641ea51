/** Reads the call stack as structured call sites, independently of source maps and test runners that change its text. */
import { fileURLToPath } from 'node:url';

/** The frames below a function, the innermost first, `await`ing ones included. */
export function callSitesBelow(below: (...parameters: never[]) => unknown): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.captureStackTrace(holder, below);
    const { stack } = holder;
    return Array.isArray(stack) ? stack : [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Error.prepareStackTrace = prepareStackTrace;
  }
}

/** The path of the file that a frame or a module's URL names, without `?v=2` or `#...`; undefined if it is not a file. */
export function filePathOf(name: string | null | undefined): string | undefined {
  if (name === null || name === undefined || name.startsWith('node:')) return undefined;
  const plain = name.replace(/[?#].*$/, '');
  if (!plain.startsWith('file:')) return plain === '' ? undefined : plain;
  try {
    return fileURLToPath(plain);
  } catch {
    return undefined;
  }
}
