/** Formats values, classes and causes for error messages. */
import { isApplicationError } from './application-error.js';
import { withoutCredentials } from './credentials.js';
import { thrownMessage } from './thrown.js';

/** The name of a class, token or value for a message. */
export function nameOf(subject: unknown): string {
  if (typeof subject === 'function') return subject.name === '' ? 'an anonymous class' : subject.name;
  if (typeof subject === 'string') return JSON.stringify(subject);
  if (typeof subject !== 'object' || subject === null) return String(subject);
  const type: unknown = Reflect.get(subject, 'constructor');
  return typeof type === 'function' ? type.name : 'an object without a class';
}

/** The message of a thrown value, for the middle of a sentence. */
export function messageOf(cause: unknown): string {
  const message = thrownMessage(cause).replace(/\.$/, '');
  return isOurs(cause) ? message : withoutCredentials(message);
}

// A revoked Proxy throws even for instanceof.
function isOurs(cause: unknown): boolean {
  try {
    return isApplicationError(cause);
  } catch {
    return false;
  }
}
