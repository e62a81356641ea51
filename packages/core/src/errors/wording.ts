/** How values, classes and causes are put into words in the messages of errors. */

import { inspect } from 'node:util';
import { thrownMessage } from './thrown.js';

const SECRET_KEY = /passw|secret|token|key|credential/i;
const LONGEST_PRINTED = 120;

/** A value for a message: as JSON, cut where it is long; `***` where the key says that it is a secret. */
export function printValue(key: string, value: unknown): string {
  if (SECRET_KEY.test(key.slice(key.lastIndexOf('.') + 1))) return '***';
  // The userinfo of a URL is a secret whatever the key is called.
  const text = jsonOf(value).replace(/(:\/\/)[^/\s"@]+@/g, '$1***@');
  return text.length > LONGEST_PRINTED ? `${text.slice(0, LONGEST_PRINTED)}...` : text;
}

/** A class, token or value as it is called in a message. */
export function nameOf(subject: unknown): string {
  if (typeof subject === 'function') return subject.name === '' ? 'an anonymous class' : subject.name;
  if (typeof subject === 'string') return JSON.stringify(subject);
  if (typeof subject !== 'object' || subject === null) return String(subject);
  const type: unknown = Reflect.get(subject, 'constructor');
  return typeof type === 'function' ? type.name : 'an object without a class';
}

function jsonOf(value: unknown): string {
  try {
    return String(JSON.stringify(value));
  } catch {
    return inspect(value, { customInspect: false, breakLength: Number.POSITIVE_INFINITY });
  }
}

/** The message of whatever was thrown, to be put in the middle of a sentence. */
export function messageOf(cause: unknown): string {
  return thrownMessage(cause).replace(/\.$/, '');
}
