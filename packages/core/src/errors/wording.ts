/** How values, classes and causes are put into words in the messages of errors. */

const SECRET_KEY = /passw|secret|token|key|credential/i;
const LONGEST_PRINTED = 120;

/** A value for a message: as JSON, cut where it is long; `***` where the key says that it is a secret. */
export function printValue(key: string, value: unknown): string {
  if (SECRET_KEY.test(key.slice(key.lastIndexOf('.') + 1))) return '***';
  // The userinfo of a URL is a secret whatever the key is called.
  const text = String(JSON.stringify(value)).replace(/(:\/\/)[^/\s"@]+@/g, '$1***@');
  return text.length > LONGEST_PRINTED ? `${text.slice(0, LONGEST_PRINTED)}...` : text;
}

/** A class, token or value as it is called in a message. */
export function nameOf(subject: unknown): string {
  if (typeof subject === 'function') return subject.name === '' ? 'an anonymous class' : subject.name;
  if (typeof subject === 'string') return JSON.stringify(subject);
  return typeof subject === 'object' && subject !== null ? subject.constructor.name : String(subject);
}

/** The message of whatever was thrown, to be put in the middle of a sentence. */
export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
