/** Reads the `${key:default}` expressions of `@Value`. */
import { malformedValueExpression } from './value-errors.js';
import type { Placeholder, ValueExpression, ValuePart } from './value-expression.js';

/**
 * Parses an expression such as `${server.port:8000}` or `http://${host}:${port:80}`.
 * @throws TSK_ERR_COMPONENT_VALUE_EXPRESSION if a brace is not closed, a key is empty, or there is no placeholder.
 */
export function parseValueExpression(text: string): ValueExpression {
  const { parts, end } = parseParts(text, 0, false);
  if (end !== text.length || !parts.some((part) => typeof part !== 'string')) throw malformedValueExpression(text);
  return { text, parts };
}

function parseParts(text: string, start: number, inside: boolean): { parts: ValuePart[]; end: number } {
  const parts: ValuePart[] = [];
  let at = start;
  let literal = '';
  while (at < text.length && !(inside && text.charAt(at) === '}')) {
    if (!text.startsWith('${', at)) {
      literal += text.charAt(at);
      at += 1;
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    const placeholder = parsePlaceholder(text, at + 2);
    parts.push(placeholder.part);
    at = placeholder.end;
  }
  if (literal !== '') parts.push(literal);
  return { parts, end: at };
}

function parsePlaceholder(text: string, start: number): { part: Placeholder; end: number } {
  const key = /^[^:}{$]*/.exec(text.slice(start))?.[0] ?? '';
  const afterKey = start + key.length;
  const hasFallback = text.charAt(afterKey) === ':';
  const fallback = hasFallback ? parseParts(text, afterKey + 1, true) : undefined;
  const end = fallback?.end ?? afterKey;
  if (key.trim() === '' || text.charAt(end) !== '}') throw malformedValueExpression(text);
  return { part: { key: key.trim(), fallback: fallback?.parts }, end: end + 1 };
}
