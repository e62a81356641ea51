/** Prints mistakes in declarations like runApplication prints other mistakes: modules throw them before runApplication is called. */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { filePathOf } from '../components/call-sites.js';
import { isApplicationError } from '../errors/application-error.js';
import { thrownMessage, thrownStack, thrownType } from '../errors/thrown.js';

const INSTALLED = Symbol.for('tsukimi:uncaught-mistakes');

/** The mistake as one line, followed by the stack of an error from user code. */
export function oneLine(error: Error & { readonly code: string }): string {
  // Print the stack of errors that user code threw inside an extension. The causes of our own errors are part of the message.
  const foreign = error.code === 'TSK_ERR_APPLICATION_EXTENSION_FAILED' || error.code === 'TSK_ERR_APPLICATION_SCAN_IMPORT';
  const stack = foreign ? thrownStack(error.cause) : undefined;
  return `error ${error.code}: ${thrownMessage(error).replace(/\s*\n\s*/g, ' ')}${stack === undefined ? '' : `\n${stack}`}`;
}

/** The message for a class that is used before its declaration because files import each other; undefined for any other error. */
export function circularImport(error: unknown): string | undefined {
  if (thrownType(error) !== 'ReferenceError') return undefined;
  const [, missing] = /^Cannot access '(.+)' before initialization$/.exec(thrownMessage(error)) ?? [];
  if (missing === undefined) return undefined;
  const [, url, line = ''] = /\(?((?:file:\/\/|\/)[^\s()]+?):(\d+):\d+\)?$/m.exec(thrownStack(error) ?? '') ?? [];
  const file = filePathOf(url);
  if (file !== undefined && declares(file, missing)) return undefined;
  const needing = file === undefined ? undefined : classDecoratedAt(file, Number(line));
  const asks = needing === undefined ? `${file ?? 'A file'} asks for ${missing}` : `${needing} (${file}) asks for ${missing}`;
  return `${asks}, whose file is not evaluated yet: the two files import each other. Move what they share into a third file.`;
}

/** Prints uncaught mistakes in declarations as one line. The exit code stays the same. */
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

// Compilers write `], OrderService);` after the arguments of a class's decorators.
function classDecoratedAt(file: string, line: number): string | undefined {
  const below = textOf(file)
    ?.split('\n')
    .slice(line - 1)
    .join('\n');
  return /\]\s*,\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\)/u.exec(below ?? '')?.[1];
}

/** Whether a file uses its own variable before the line that declares it: no import is to blame then. */
function declares(file: string, name: string): boolean {
  return new RegExp(`\\b(?:class|const|let)\\s+${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`, 'u').test(textOf(file) ?? '');
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
