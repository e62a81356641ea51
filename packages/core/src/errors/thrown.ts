/** Reads whatever was thrown without ever throwing: it may be frozen, a revoked Proxy, have getters that throw, or be no error. */
import { inspect, types } from 'node:util';

const UNREADABLE = 'an error that cannot be read';
const DEEPEST_CAUSE = 10;

/** An error as a logger can write it: pino's shape. */
export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [key: string]: unknown;
}

/** What a reader gives; undefined where it throws. */
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

/** Whether something thrown is an error. Never throws. */
export function isError(thrown: unknown): thrown is Error {
  return attempt(() => thrown instanceof Error || types.isNativeError(thrown)) ?? false;
}

/** The message of whatever was thrown; what it looks like, where it is no error. Never throws. */
export function thrownMessage(thrown: unknown): string {
  if (!isObject(thrown)) return typeof thrown === 'symbol' ? thrown.toString() : String(thrown);
  const message = textAt(thrown, 'message');
  if (message !== undefined) return message;
  if (isError(thrown)) return UNREADABLE;
  return attempt(() => String(thrown)) ?? look(thrown);
}

/** The name of the class of whatever was thrown; its type, where it is no object. Never throws. */
export function thrownType(thrown: unknown): string {
  if (!isObject(thrown)) return typeof thrown;
  return attempt(() => textAt(Reflect.get(thrown, 'constructor'), 'name')) || textAt(thrown, 'name') || 'Error';
}

/**
 * The error itself, where everybody can read it; where not, a plain error with as much of it as can be read.
 *
 * Whoever is handed an error reads its properties and tells its class: a throwing getter would replace the error there.
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
 * What to hand to a logger of somebody else's: the thrown thing itself where every logger can take it, else a plain error that
 * says the same. Never throws.
 */
export function loggableThrown(thrown: unknown): unknown {
  if (!isObject(thrown)) return isPlain(thrown) ? thrown : look(thrown);
  if (isOrdinary(thrown, new Set())) return thrown;
  return isErrorLike(thrown) ? copyOf(thrown) : told(thrown);
}

/** A log serializer for the key `err`: pino's own shape, of whatever was thrown. Never throws. */
export function serializeThrown(thrown: unknown): unknown {
  if (!isObject(thrown)) return isPlain(thrown) ? thrown : look(thrown);
  return isErrorLike(thrown) ? describe(thrown, new Set()) : told(thrown);
}

// What becomes `{}` as JSON would say nothing.
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
    stack: causes.map((cause) => textAt(cause, 'stack') ?? look(cause)).join('\ncaused by: '),
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

/** The error, its cause, and so on; each once. A cause may be a function that gives it, as VError has it. */
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

/** A value as it is where it becomes JSON; what it looks like where it does not. */
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

// Reads neither getters nor through Proxies.
function look(value: unknown): string {
  return attempt(() => inspect(value, { customInspect: false, depth: 3, breakLength: Number.POSITIVE_INFINITY })) ?? UNREADABLE;
}
