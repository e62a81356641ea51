/** Finds what an expression of PromQL reads: its metric selectors. */

// Words that are followed by names of labels, not by an expression.
const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set([...LABEL_LISTS, 'and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan', 'start', 'end']);
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\[[^\]]*\]|\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\}|[a-zA-Z_:][\w:]*|[\d.]+\w*|[^\s]/g;

/** Each selector once, without its range: `http_requests_total{status=~"5.."}`. */
export function selectorsOf(expression: string): string[] {
  const tokens = withoutLabelLists(expression.replaceAll(/#.*$/gm, '').match(TOKEN) ?? []);
  const selectors = tokens.flatMap((token, index) => {
    const next = tokens[index + 1] ?? '';
    if (token.startsWith('{')) return isName(tokens[index - 1]) ? [] : [token];
    return isName(token) && next !== '(' ? [next.startsWith('{') ? token + next : token] : [];
  });
  return [...new Set(selectors)];
}

// `sum by (path) (x)` becomes `sum (x)`: what is followed by a bracket is a function, and no label is taken for a metric.
function withoutLabelLists(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (LABEL_LISTS.has(token.toLowerCase())) {
      if (tokens[index + 1] === '(') index = tokens.indexOf(')', index);
    } else {
      kept.push(token);
    }
  }
  return kept;
}

function isName(token: string | undefined): token is string {
  return token !== undefined && /^[a-zA-Z_:]/.test(token) && !WORDS.has(token.toLowerCase());
}
