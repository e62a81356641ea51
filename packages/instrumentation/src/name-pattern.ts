/** Names with `*` for any part of them. */

/** An expression that matches whole names. */
export function patternExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}/]/gu, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
