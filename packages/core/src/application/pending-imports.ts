/** Tracks the modules that scans are importing, to detect modules that start an application or wait for the scan itself. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Class } from '../components/definition.js';
import type { ApplicationError } from '../errors/application-error.js';
import { scanStartsApplication, scanWaits } from './errors.js';

// After this time a warning names the module, in case its import never ends. Nothing else depends on it.
const SLOW_IMPORT_MS = 10_000;

/** One module while a scan imports it. */
interface PendingImport {
  readonly path: string;
  readonly applicationClass: Class;
  /** The import during whose evaluation this scan began. */
  readonly outer: PendingImport | undefined;
  isDone: boolean;
  /** Makes the scan fail at once, without waiting for the import. */
  fail: (error: ApplicationError) => void;
}

const context = new AsyncLocalStorage<PendingImport>();
const waiting: { readonly pending: PendingImport; readonly origin: ScanOrigin }[] = [];

/** The application that a scan is for, and the files in which it is being started. */
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

/** The files that scans are importing on the way to the calling code. */
export function filesBeingImported(): readonly string[] {
  return chain().map(({ path }) => path);
}

/**
 * Rejects an application that a module starts while a scan imports it: otherwise, the scan would start a second application, or wait for itself.
 *
 * @param runs whether the application would listen and handle the process's signals.
 * @returns whether the application was rejected. The scan has then failed with TSK_ERR_APPLICATION_SCAN_STARTS.
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

// Timers and other work that a module started keep its context after the import has ended.
function current(): PendingImport | undefined {
  const pending = context.getStore();
  return pending === undefined || pending.isDone ? undefined : pending;
}

// If a module waits for the scanning application, nothing is left to do, and Node would exit with code 13 and no message.
function beginWaiting(entry: (typeof waiting)[number]): void {
  if (waiting.length === 0) process.on('beforeExit', giveUpInnermost);
  waiting.push(entry);
}

function giveUpInnermost(): void {
  const innermost = waiting.at(-1);
  setImmediate(() => undefined); // one more turn, so that the code that gets the error can handle it
  innermost?.pending.fail(scanWaits({ path: innermost.pending.path, ...innermost.origin }));
}

function stopWaiting(pending: PendingImport): void {
  waiting.splice(
    waiting.findIndex((entry) => entry.pending === pending),
    1,
  );
  if (waiting.length > 0) return;
  process.off('beforeExit', giveUpInnermost);
  context.disable(); // a running application no longer needs the context
}
