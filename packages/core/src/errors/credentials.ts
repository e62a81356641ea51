/** Removes credentials from other libraries' messages before they are shown. */

const HIDDEN = '***';
const LONGEST = 20_000;

/** Everything between `://` and the last `@` before the next space or quote: passwords may have slashes and `@` in them. */
const USER_INFO = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'<>`]*@/gi;
const QUERY = /\b([a-z][a-z\d+.-]*:\/\/[^\s"'<>?`]*)\?[^\s"'<>`]*/gi;

/** What certainly names a secret, whatever follows in the word: `passwordHash`, `secretKey2`. */
const SURE = '(?:password|passwd|passphrase|passcode|secret|credential)[\\w-]{0,60}';
const KEY = '(?:api|access|private|account|secret|encryption|signing|master|license|shared|service)[_-]?key';
const SECRET_NAME = `[\\w.-]{0,60}(?:${SURE}|(?:pass|pwd|token|${KEY}|auth|bearer|jwt|otp|pin|signature|sig|dsn|connection[_-]?string|session(?:id)?|cookie)(?:[_-][\\w-]{0,60})?)`;

/** `password=x`, `"token": "x"`, `?api_key=x`, `Password='x y'`; of a connection string also `Password=x y;`. */
const NAMED = new RegExp(
  `(["']?${SECRET_NAME}["']?\\s*(?:=>|[=:]|%3[ad]|\\bis\\b)\\s*)("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|[^\\s;&"')}\\]]+(?:[ \\t]+[^\\s;=]+)*(?=;[\\w ]+=)|[^\\s;&"')}\\]]+)`,
  'gi',
);

/** `--password x` */
const FLAG = new RegExp(`((?:^|\\s)--?${SECRET_NAME}[ \\t]+)(?!-)("[^"]*"|'[^']*'|[^\\s"']+)`, 'gi');

/** `<password>x</password>`, `<Password value="x"/>` */
const ELEMENT = new RegExp(`(<(?:[\\w.-]{1,60}:)?${SECRET_NAME}(?:\\s[^<>]{0,1000})?>)[^<]+`, 'gi');
const ATTRIBUTE = new RegExp(`(<(?:[\\w.-]{1,60}:)?${SECRET_NAME}\\s[^<>]{0,1000}?\\bvalue\\s*=\\s*)("[^"]*"|'[^']*')`, 'gi');

/** `Digest username="x", response="y"` */
const DIGEST = /\b(digest)\s+(?:\w+=(?:"[^"]*"|[^\s,"]+)(?:,\s*)?)+/gi;

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
    .replace(DIGEST, `$1 ${HIDDEN}`)
    .replace(HEADER, `$1${HIDDEN}`)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(ELEMENT, `$1${HIDDEN}`)
    .replace(ATTRIBUTE, `$1${HIDDEN}`)
    .replace(FLAG, `$1${HIDDEN}`)
    .replace(NAMED, `$1${HIDDEN}`)
    .replace(TOKENS, HIDDEN);
}
