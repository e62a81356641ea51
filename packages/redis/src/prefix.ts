/** Checks the prefix of all keys. */

export const DEFAULT_PREFIX = 'metrics:';

const ALLOWED = 'a prefix of 1 to 100 letters, digits and other characters without spaces, such as metrics:';

const ALLOWED_IN_CLUSTER =
  'a prefix with a hash tag, such as {metrics}:, because Redis Cluster keeps keys together only if their first pair of braces has the same text in it';

/** Returns what is allowed; undefined if the prefix is. */
export function prefixFault(prefix: unknown, isCluster: boolean): string | undefined {
  if (typeof prefix !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(prefix)) return isCluster ? ALLOWED_IN_CLUSTER : ALLOWED;
  return isCluster && !hasHashTag(prefix) ? ALLOWED_IN_CLUSTER : undefined;
}

/**
 * Whether all keys with this prefix have one slot: what is hashed is between the first `{` and the first `}` after it, unless it is empty.
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
function hasHashTag(prefix: string): boolean {
  const start = prefix.indexOf('{');
  return start !== -1 && prefix.indexOf('}', start) > start + 1;
}
