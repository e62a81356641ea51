/** Removes passwords and tokens from texts and errors of other libraries. */
import { withoutUrlSecrets } from '../shown-address.js';

/** Returns a list of secrets in the forms in which a client may repeat them, the longest first. */
export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const all = secrets.flatMap((secret) => {
    return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), ...base64Of(secret)];
  });
  return [...new Set(all)].filter((each) => each !== '').sort((one, other) => other.length - one.length);
}

/** Returns what base64 makes of a secret inside a longer text, such as `user:secret`: it depends on where the secret begins. */
function base64Of(secret: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.from(`${' '.repeat(shift)}${secret}`);
    // The characters at both ends have bits of the neighbours too.
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    const piece = whole.slice(shift === 0 ? 0 : shift + 1);
    return piece.length < SHORTEST_PIECE ? [] : [piece];
  });
}

/** Shorter ones occur by chance. */
const SHORTEST_PIECE = 6;

export function withoutSecrets(text: string, spellings: readonly string[]): string {
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '***'), text);
}

/**
 * Returns an error with the name, code, message and stack of another one, without secrets. Further properties are left out: clients keep whole requests
 * and connections in theirs.
 */
export function safeCause(cause: unknown, spellings: readonly string[]): Error {
  const clean = (text: unknown): string => withoutUrlSecrets(withoutSecrets(String(text), spellings));
  try {
    const { name, message, code, stack } = (cause instanceof Error ? cause : new Error(String(cause))) as NodeJS.ErrnoException;
    const safe = new Error(clean(message));
    safe.stack = clean(stack);
    return Object.assign(safe, { name: clean(name) }, code !== undefined && { code: clean(code) });
  } catch {
    return new Error('an error that cannot be read');
  }
}
