/** Finds the places of functions in the source, which identify them in a profile. */
import type { Runtime } from 'node:inspector';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from './thread-inspector.js';

// biome-ignore lint/complexity/noBannedTypes: any function at all.
type AnyFunction = Function;

/** A place in a script: `99:12:4`. Lines and columns begin at 0. */
export type Place = string;

export interface ScriptPosition {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number | undefined;
}

export function placeOf({ scriptId, lineNumber, columnNumber }: ScriptPosition): Place {
  return `${scriptId}:${lineNumber}:${columnNumber ?? 0}`;
}

/** Known places; undefined for functions without source, such as built-in ones. A place never changes. */
const known = new WeakMap<AnyFunction, Place | undefined>();

const GROUP = 'tsukimi.profile';

/** So many functions are found in one turn of the event loop, in about 5 ms. */
const SLICE = 100;

/** Finds the places of functions that are not known yet. Nothing is called, and no proxy notices. */
export async function findPlaces(session: Session, functions: readonly AnyFunction[]): Promise<ReadonlyMap<AnyFunction, Place>> {
  const unknown = functions.filter((each) => !known.has(each));
  if (unknown.length > 0) await learn(session, [...new Set(unknown)]);
  const places = new Map<AnyFunction, Place>();
  for (const each of functions) {
    const place = known.get(each);
    if (place !== undefined) places.set(each, place);
  }
  return places;
}

async function learn(session: Session, functions: readonly AnyFunction[]): Promise<void> {
  // Without it, functions have no place.
  await session.post('Debugger.enable');
  try {
    for (let start = 0; start < functions.length; start += SLICE) {
      if (start > 0) await nextTurn();
      await learnSlice(session, functions.slice(start, start + SLICE));
    }
  } finally {
    await session.post('Debugger.disable');
  }
}

async function learnSlice(session: Session, functions: readonly AnyFunction[]): Promise<void> {
  const key = `tsukimi.profile.${Math.random().toString(36).slice(2)}`;
  // Registered symbols can be named in an expression. Not enumerable, so that nobody stumbles over it meanwhile.
  const symbol = Symbol.for(key);
  Object.defineProperty(globalThis, symbol, { value: functions, configurable: true, enumerable: false });
  try {
    const { result } = await session.post('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(key)})]`,
      objectGroup: GROUP,
    });
    for (const { name, value } of await propertiesOf(session, result)) {
      const each = functions[Number(name)];
      if (each !== undefined && value !== undefined) known.set(each, await placeOfRemote(session, value));
    }
  } finally {
    Reflect.deleteProperty(globalThis, symbol);
    await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }
}

/** Looks behind bound functions and proxies. */
async function placeOfRemote(session: Session, remote: Runtime.RemoteObject): Promise<Place | undefined> {
  let behind: Runtime.RemoteObject | undefined = remote;
  for (let depth = 0; behind?.objectId !== undefined && depth < MOST_LAYERS; depth += 1) {
    const internal = await internalsOf(session, behind);
    const location = internal.get('[[FunctionLocation]]')?.value as ScriptPosition | undefined;
    if (location !== undefined) return placeOf(location);
    behind = internal.get('[[TargetFunction]]') ?? internal.get('[[Target]]');
  }
  return undefined;
}

const MOST_LAYERS = 10;

async function propertiesOf(session: Session, { objectId }: Runtime.RemoteObject): Promise<readonly Runtime.PropertyDescriptor[]> {
  if (objectId === undefined) return [];
  return (await session.post('Runtime.getProperties', { objectId, ownProperties: true })).result;
}

async function internalsOf(session: Session, { objectId }: Runtime.RemoteObject): Promise<ReadonlyMap<string, Runtime.RemoteObject>> {
  const { internalProperties = [] } = await session.post('Runtime.getProperties', { objectId: objectId as string, ownProperties: true });
  return new Map(internalProperties.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}
