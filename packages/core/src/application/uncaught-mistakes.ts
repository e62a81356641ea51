/** Tells of mistakes in declarations as runApplication tells of others: modules throw them before anything of ours is called. */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { filePathOf } from '../components/call-sites.js';
import { isApplicationError } from '../errors/application-error.js';
import { thrownMessage } from '../errors/thrown.js';

const INSTALLED = Symbol.for('tsukimi:uncaught-mistakes');

/** A mistake on one line, with the stack of what somebody else's code threw. */
export function oneLine(error: Error & { readonly code: string }): string {
  // What user code threw inside an extension is worth its stack; our own causes are told in the message.
  const foreign = error.code === 'TSK_ERR_APPLICATION_EXTENSION_FAILED' || error.code === 'TSK_ERR_APPLICATION_SCAN_IMPORT';
  return `error ${error.code}: ${error.message.replace(/\s*\n\s*/g, ' ')}${foreign && error.cause instanceof Error ? `\n${error.cause.stack}` : ''}`;
}

/** What to say of a class that is asked for too early, because files import each other; undefined for any other error. */
export function circularImport(error: unknown): string | undefined {
  const [, missing] =
    /^Cannot access '(.+)' before initialization$/.exec(error instanceof ReferenceError ? thrownMessage(error) : '') ?? [];
  if (missing === undefined) return undefined;
  const [, url, line = ''] = /\(?((?:file:\/\/|\/)[^\s()]+?):(\d+):\d+\)?$/m.exec(String((error as Error).stack)) ?? [];
  const file = filePathOf(url);
  const needing = file === undefined ? undefined : classDecoratedAt(file, Number(line));
  const asks = needing === undefined ? `${file ?? 'A file'} asks for ${missing}` : `${needing} (${file}) asks for ${missing}`;
  return `${asks}, whose file is not evaluated yet: the two files import each other. Move what they share into a third file.`;
}

/** Has a mistake in a declaration that nobody catches end the program with one line, and the exit code that it has anyway. */
export function tellUncaughtMistakes(): void {
  const marks = globalThis as { [INSTALLED]?: boolean };
  if (!isMainThread || marks[INSTALLED] === true) return;
  marks[INSTALLED] = true;
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
    const circular = circularImport(error);
    if (circular !== undefined) process.stderr.write(`error: ${circular}\n`);
    if (!isApplicationError(error)) return;
    process.stderr.write(`${oneLine(error)}\n`);
    process.exit(1);
  });
}

// Compilers write `], OrderService);` below what a class's decorators are given.
function classDecoratedAt(file: string, line: number): string | undefined {
  try {
    const below = readFileSync(file, 'utf8')
      .split('\n')
      .slice(line - 1)
      .join('\n');
    return /\]\s*,\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\)/u.exec(below)?.[1];
  } catch {
    return undefined;
  }
}
