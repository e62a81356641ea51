/** Which files start an application while they are evaluated, and which of them wait for the start. */
import { isTsukimi } from './components.js';
import type { Call, SourceFile } from './source-file.js';
import type { DeclaredName, Sources } from './sources.js';

/** One start of an application. */
export interface FoundStart {
  readonly by: 'runApplication' | 'createApplication';
  readonly call: Call;
  /** The file with the call. */
  readonly file: SourceFile;
  /** The application's class; undefined if it can't be determined. */
  readonly application: DeclaredName | undefined;
}

/** The starts that a file makes while it is evaluated, by its own functions and by those it imports. */
export function startsWhileEvaluated(file: SourceFile, sources: Sources): readonly FoundStart[] {
  return startsOf(file.calls.whileEvaluated, file, { sources, seen: new Set() });
}

/** The starts that the evaluation of a file waits for. */
export function startsAwaitedBy(file: SourceFile, sources: Sources): readonly FoundStart[] {
  return startsOf(file.calls.awaited, file, { sources, seen: new Set() });
}

/** Every start of a file, wherever it is. */
export function startsIn(file: SourceFile, sources: Sources): readonly FoundStart[] {
  return file.calls.all.flatMap((call) => startOf(call, file, sources) ?? []);
}

interface Search {
  readonly sources: Sources;
  /** Functions that were searched already, because functions may call each other in a circle. */
  readonly seen: Set<readonly Call[]>;
}

function startsOf(calls: readonly Call[], file: SourceFile, { sources, seen }: Search): readonly FoundStart[] {
  return calls.flatMap((call) => {
    const start = startOf(call, file, sources);
    if (start !== undefined) return [start];
    const place = call.namespace === undefined ? sources.placeOf(file, call.name) : undefined;
    const inside = place?.kind === 'function' ? place.file.calls.inFunctions.get(place.name) : undefined;
    if (place === undefined || inside === undefined || seen.has(inside)) return [];
    seen.add(inside);
    return startsOf(inside, place.file, { sources, seen });
  });
}

function startOf(call: Call, file: SourceFile, sources: Sources): FoundStart | undefined {
  const imported = file.imports.get(call.namespace ?? call.name);
  if (imported === undefined || !isTsukimi(imported.module)) return undefined;
  const by = call.namespace === undefined ? imported.name : call.name;
  if (by !== 'runApplication' && by !== 'createApplication') return undefined;
  return { by, call, file, application: call.argument === undefined ? undefined : sources.placeOf(file, call.argument) };
}
