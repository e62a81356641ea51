/** The modules that scans are importing right now: tells when such a module starts an application, or can never be done. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Class } from '../components/definition.js';
import type { ApplicationError } from '../errors/application-error.js';
import { scanStartsApplication, scanWaits } from './errors.js';

// Nothing depends on it: past this time a line says what is waited for, in case it is what will never be.
const SLOW_IMPORT_MS = 10_000;

/** One module while a scan imports it. */
interface PendingImport {
  readonly path: string;
  readonly applicationClass: Class;
  /** The import during whose evaluation this scan began. */
  readonly outer: PendingImport | undefined;
  isDone: boolean;
  /** Has the scan fail at once, whatever becomes of the import. */
  fail: (error: ApplicationError) => void;
}

const context = new AsyncLocalStorage<PendingImport>();
const waiting: { readonly pending: PendingImport; readonly origin: ScanOrigin }[] = [];

/** What a scan is for, and the files in which its application is being started. */
export interface ScanOrigin {
  readonly applicationClass: Class;
  readonly startedIn: readonly string[];
}

/** Imports a module for a scan. @throws what its evaluation throws, TSK_ERR_APPLICATION_SCAN_STARTS, TSK_ERR_APPLICATION_SCAN_WAITS */
export async function importForScan(path: string, url: string, origin: ScanOrigin): Promise<void> {
  const { applicationClass } = origin;
  const pending: PendingImport = { path, applicationClass, outer: current(), isDone: false, fail: () => undefined };
  const failed = new Promise<never>((_, reject) => {
    pending.fail = reject;
  });
  const slow = setTimeout(() => process.emitWarning(`The scan of ${applicationClass.name} still waits for ${path}`), SLOW_IMPORT_MS);
  slow.unref();
  beginWaiting({ pending, origin });
  try {
    await Promise.race([context.run(pending, () => import(url)), failed]);
  } finally {
    clearTimeout(slow);
    stopWaiting(pending);
    pending.isDone = true;
  }
}

/** The files whose import by a scan led here, and is not done. */
export function filesBeingImported(): readonly string[] {
  return chain().map(({ path }) => path);
}

/**
 * Refuses an application that a module starts while a scan imports it: the scan would start that one on the side, or wait for itself.
 *
 * @param runs true where it would listen, and take the process's signals.
 * @returns whether it is refused. The scan has then failed with TSK_ERR_APPLICATION_SCAN_STARTS, and the module has nothing to wait for.
 */
export function isStartedByScan(applicationClass: Class, runs: boolean): boolean {
  const importing = chain();
  const [innermost] = importing;
  if (innermost === undefined) return false;
  if (!runs && importing.every((pending) => pending.applicationClass !== applicationClass)) return false;
  innermost.fail(scanStartsApplication({ path: innermost.path, scanned: innermost.applicationClass, started: applicationClass, runs }));
  return true;
}

function chain(): PendingImport[] {
  const found: PendingImport[] = [];
  for (let pending = current(); pending !== undefined; pending = pending.outer) found.push(pending);
  return found;
}

// What a module has started, a timer say, stays in its context after its import is done.
function current(): PendingImport | undefined {
  const pending = context.getStore();
  return pending === undefined || pending.isDone ? undefined : pending;
}

// A module that waits for the scanning application leaves nothing to do: Node would end with code 13, and no word.
function beginWaiting(entry: (typeof waiting)[number]): void {
  if (waiting.length === 0) process.on('beforeExit', giveUpInnermost);
  waiting.push(entry);
}

function giveUpInnermost(): void {
  const innermost = waiting.at(-1);
  setImmediate(() => undefined); // one more turn, in which whoever gets the error can act on it
  innermost?.pending.fail(scanWaits({ path: innermost.pending.path, ...innermost.origin }));
}

function stopWaiting(pending: PendingImport): void {
  waiting.splice(
    waiting.findIndex((entry) => entry.pending === pending),
    1,
  );
  if (waiting.length > 0) return;
  process.off('beforeExit', giveUpInnermost);
  context.disable(); // promises of a running application owe it nothing
}
