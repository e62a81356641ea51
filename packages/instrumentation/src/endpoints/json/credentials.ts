/** Takes credentials out of texts that others wrote, before strangers may read them. */

const HIDDEN = '***';

const LONGEST = 500;

/** Everything between `://` and the last `@` before the next space or quote: passwords may have slashes and `@` in them. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>`]*@/gi;

const SECRET_NAME =
  '[\\w.-]*(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth|signature|sig|dsn|session(?:id)?|cookie)';

/** `password=x`, `"token": "x"`, `?api_key=x`, `Password='x y'` */
const NAMED = new RegExp(
  `(["']?${SECRET_NAME}["']?\\s*(?:[=:]|=>|\\bis\\b)\\s*)("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|[^\\s,;&"')}\\]]+)`,
  'gi',
);

/** `Authorization: Bearer x`, also with the scheme alone */
const HEADER = /\b((?:proxy-)?authorization["']?\s*[=:]\s*["']?)(?:[a-z]+\s+)?[^\s"',;]+/gi;
const SCHEME = /\b(bearer|basic|digest|negotiate|apikey)\s+[\w.~+/=:-]{6,}/gi;

/** JSON Web Tokens, and the keys that name their issuer. */
const TOKENS = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abprs]|npm|AKIA|ASIA|AIza)[-_]?[\w-]{12,}/g;

const KEY_BLOCK = /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g;

/** The text with what looks like a credential replaced by `***`, at most 500 characters of it. No text is known to be safe after that. */
export function withoutCredentials(text: string): string {
  const scrubbed = text
    .slice(0, 10 * LONGEST)
    .replace(KEY_BLOCK, HIDDEN)
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(HEADER, `$1${HIDDEN}`)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(NAMED, `$1${HIDDEN}`)
    .replace(TOKENS, HIDDEN);
  return scrubbed.length > LONGEST ? `${scrubbed.slice(0, LONGEST)}...` : scrubbed;
}
