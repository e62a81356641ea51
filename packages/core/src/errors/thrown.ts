/** Reads thrown values without throwing: they may be frozen, revoked Proxies, have getters that throw, or not be errors. */
import { inspect, types } from 'node:util';

const UNREADABLE = 'an error that cannot be read';
const DEEPEST_CAUSE = 10;
// Anybody can set a name to a message, which may contain a password; the JSON view shows only the class.
const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$]{0,99}$/u;

/** An error as a logger can write it: pino's shape. */
export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [key: string]: unknown;
}

/** The result of a function; undefined if it throws. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function textAt(source: object, key: string): string | undefined {
  const value = attempt<unknown>(() => Reflect.get(source, key));
  return typeof value === 'string' ? value : undefined;
}

/** Returns whether a thrown value is an error. Never throws. */
export function isError(thrown: unknown): thrown is Error {
  return attempt(() => thrown instanceof Error || types.isNativeError(thrown)) ?? false;
}

/** Returns the message of a thrown value, or its inspected form if it is not an error. Never throws. */
export function thrownMessage(thrown: unknown): string {
  if (!isObject(thrown)) return typeof thrown === 'symbol' ? thrown.toString() : String(thrown);
  const message = textAt(thrown, 'message');
  if (message !== undefined) return message;
  if (isError(thrown)) return UNREADABLE;
  return attempt(() => String(thrown)) ?? look(thrown);
}

/** Returns the class name of a thrown value, or its type if it is not an object. Never throws, and never returns text that cannot be a class name. */
export function thrownType(thrown: unknown): string {
  if (!isObject(thrown)) return typeof thrown;
  const names = [attempt(() => textAt(Reflect.get(thrown, 'constructor'), 'name')), textAt(thrown, 'name')];
  return names.find((name) => name !== undefined && CLASS_NAME.test(name)) ?? 'Error';
}

/** Returns the stack of an error, with its message; undefined if the thrown value is not an error. Never throws. */
export function thrownStack(thrown: unknown): string | undefined {
  if (!isError(thrown)) return undefined;
  const { stack, message } = readableError(thrown);
  return typeof stack === 'string' ? stack : message;
}

/**
 * Returns the error itself if it can be read; otherwise a plain error with as much of it as can be read.
 *
 * Code that receives an error reads its properties, and a getter that throws would replace the error.
 */
export function readableError(thrown: Error): Error {
  const read = attempt(() => {
    const { name, message, stack, cause } = thrown;
    for (const key of ['statusCode', 'status', 'code', 'headers', 'validation', 'expose', 'toJSON']) Reflect.get(thrown, key);
    return [name, message, stack, cause];
  });
  return read === undefined ? copyOf(thrown) : thrown;
}

/**
 * Returns a form of a thrown value that any logger can serialize: the value itself if possible, otherwise a plain error with the same content.
 * Never throws.
 */
export function loggableThrown(thrown: unknown): unknown {
  if (!isObject(thrown)) return isPlain(thrown) ? thrown : look(thrown);
  if (isOrdinary(thrown, new Set())) return thrown;
  return isErrorLike(thrown) ? copyOf(thrown) : told(thrown);
}

/** A pino serializer for the key `err` that accepts any thrown value. Never throws. */
export function serializeThrown(thrown: unknown): unknown {
  if (!isObject(thrown)) return isPlain(thrown) ? thrown : look(thrown);
  return isErrorLike(thrown) ? describe(thrown, new Set()) : told(thrown);
}

// `{}` as JSON would say nothing.
function told(thrown: object): unknown {
  return attempt(() => JSON.stringify(thrown)) === '{}' ? look(thrown) : writable(thrown);
}

function isErrorLike(thrown: object): boolean {
  return isError(thrown) || types.isProxy(thrown) || textAt(thrown, 'message') !== undefined;
}

function describe(error: object, seen: Set<unknown>): LoggableError {
  const outer = new Set(seen).add(error);
  const causes = causesOf(error);
  const described: Record<string, unknown> = {
    type: thrownType(error),
    message: causes.map((cause) => textAt(cause, 'message') ?? UNREADABLE).join(': '),
    stack: causes.map((cause) => textAt(cause, 'stack') ?? lookAtError(cause)).join('\ncaused by: '),
  };
  const errors = attempt<unknown>(() => Reflect.get(error, 'errors'));
  if (Array.isArray(errors)) described['aggregateErrors'] = errors.map((each) => (seen.has(each) ? look(each) : nested(each, outer)));
  for (const key of attempt(() => enumerableKeys(error)) ?? []) {
    if (key in described || key === 'cause') continue;
    const value = attempt<unknown>(() => Reflect.get(error, key));
    if (!outer.has(value)) described[key] = nested(value, outer);
  }
  return described as unknown as LoggableError;
}

function nested(value: unknown, seen: Set<unknown>): unknown {
  return isError(value) && seen.size < DEEPEST_CAUSE ? describe(value, seen) : writable(value);
}

/** The error, its cause, and so on, each once. The cause may be a function that returns it, as in VError. */
function causesOf(error: object): object[] {
  const causes: object[] = [];
  let current: unknown = error;
  while (isObject(current) && !causes.includes(current) && causes.length < DEEPEST_CAUSE) {
    if (causes.length > 0 && textAt(current, 'message') === undefined && !types.isProxy(current)) break;
    causes.push(current);
    const owner = current;
    const cause = attempt<unknown>(() => Reflect.get(owner, 'cause'));
    current = typeof cause === 'function' ? attempt<unknown>(() => Reflect.apply(cause, owner, [])) : cause;
  }
  return causes;
}

function enumerableKeys(value: object): string[] {
  const keys: string[] = [];
  for (const key in value) keys.push(key);
  return keys;
}

function isOrdinary(error: object, seen: Set<unknown>): boolean {
  if (seen.has(error) || seen.size >= DEEPEST_CAUSE) return true;
  seen.add(error);
  const ordinary = attempt(() => {
    if (types.isProxy(error) || !(error instanceof Error) || !Object.isExtensible(error)) return false;
    const known: unknown[] = [error.message, error.stack, error.cause, ...enumerableKeys(error).map((key) => Reflect.get(error, key))];
    return known.every((value) => (isError(value) ? isOrdinary(value, seen) : writable(value) === value));
  });
  return ordinary ?? false;
}

/** The value itself if it can become JSON, otherwise its inspected form. */
function writable(value: unknown): unknown {
  if (!isObject(value)) return isPlain(value) || value === undefined ? value : look(value);
  if (typeof value === 'function') return look(value);
  return attempt(() => JSON.stringify(value)) === undefined ? look(value) : value;
}

function copyOf(thrown: object): Error {
  const { type, message, stack, ...rest } = describe(thrown, new Set());
  return Object.assign(new Error(message), { name: type, stack, ...rest });
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

// `inspect` reads the stack; without one, the message says more than nothing.
function lookAtError(error: object): string {
  const seen = look(error);
  return seen === UNREADABLE ? (textAt(error, 'message') ?? seen) : seen;
}

// Calls neither getters nor Proxy traps.
function look(value: unknown): string {
  return attempt(() => inspect(value, { customInspect: false, depth: 3, breakLength: Number.POSITIVE_INFINITY })) ?? UNREADABLE;
}
