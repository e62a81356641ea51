/** Patterns for names, with `*` for any part. */

/** Returns a regular expression that matches complete names. */
export function patternExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}/]/gu, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
