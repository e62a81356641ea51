/** Removes credentials from other libraries' messages before they are shown. */

const HIDDEN = '***';
const LONGEST = 20_000;

/** Everything between `://` and the last `@` before the next space or quote: passwords may have slashes and `@` in them. */
const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'<>`]*@/gi;
const QUERY = /\b([a-z][a-z\d+.-]*:\/\/[^\s"'<>?`]*)\?[^\s"'<>`]*/gi;

const SECRET_NAME =
  '[\\w.-]{0,60}(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth|signature|sig|dsn|session(?:id)?|cookie)(?:[_-][\\w-]{0,60})?';

/** `password=x`, `"token": "x"`, `?api_key=x`, `Password='x y'`; of a connection string also `Password=x y;`. */
const NAMED = new RegExp(
  `(["']?${SECRET_NAME}["']?\\s*(?:=>|[=:]|\\bis\\b)\\s*)("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|[^\\s;&"')}\\]]+(?:[ \\t]+[^\\s;=]+)*(?=;[\\w ]+=)|[^\\s;&"')}\\]]+)`,
  'gi',
);

/** `Authorization: Bearer x`, also with the scheme alone */
const HEADER = /\b((?:proxy-)?authorization["']?\s*[=:]\s*["']?)(?:[a-z]+\s+)?[^\s"',;]+/gi;
const SCHEME = /\b(bearer|basic|digest|negotiate|apikey)\s+[\w.~+/=:-]{6,}/gi;

/** JSON Web Tokens, and the keys that name their issuer. */
const TOKENS = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abprs]|npm|AKIA|ASIA|AIza)[-_]?[\w-]{12,}/g;

const KEY_BLOCK = /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g;

/**
 * Removes what looks like a credential from another library's message: users and passwords in URLs, their queries, `password=...` and similar,
 * authorization headers, and common forms of tokens and keys. Text after the first 20,000 characters is dropped.
 * Credentials in other forms remain, so use it only for messages that have to be shown.
 *
 * @example withoutCredentials('connect ECONNREFUSED postgres://app:x@db') // connect ECONNREFUSED postgres://***@db
 */
export function withoutCredentials(message: string): string {
  return (message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message)
    .replace(KEY_BLOCK, HIDDEN)
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(QUERY, `$1?${HIDDEN}`)
    .replace(HEADER, `$1${HIDDEN}`)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(NAMED, `$1${HIDDEN}`)
    .replace(TOKENS, HIDDEN);
}
