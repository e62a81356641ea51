/** Reads the names of parameters from a function's source text, for error messages and for parameters with a default. */

import type { Class } from './definition.js';

/** One parameter of the source. */
export interface SourceParameter {
  /** Undefined for a destructured parameter. */
  readonly name: string | undefined;
  readonly hasDefault: boolean;
  /** Whether it is a rest parameter. */
  readonly isRest: boolean;
}

const OPENING = '([{';
const CLOSING = ')]}';
const QUOTES = '"\'`';

/** The parameters of a class's own constructor; undefined if the class has none of its own. */
export function constructorParameters(type: Class): readonly SourceParameter[] | undefined {
  const source = sourceOf(type);
  const match = /(?:^|[\s;{}])constructor\s*\(/.exec(source);
  return match === null ? undefined : parametersFrom(source, match.index + match[0].length);
}

/** The parameters of a method. */
export function methodParameters(method: object): readonly SourceParameter[] {
  const source = sourceOf(method);
  return parametersFrom(source, source.indexOf('(') + 1);
}

// Comments are removed first, because one could contain `constructor(`. If a string contains the start of a comment, the names are unknown.
function sourceOf(subject: object): string {
  return Function.prototype.toString.call(subject).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

function parametersFrom(source: string, start: number): readonly SourceParameter[] {
  return splitAtCommas(source, start)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({
      name: /^(?:\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(text)?.[1],
      hasDefault: /^[^=]*=(?![=>])/.test(text),
      isRest: text.startsWith('...'),
    }));
}

function splitAtCommas(source: string, start: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let partStart = start;
  for (let at = start; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (QUOTES.includes(character)) at = endOfString(source, at);
    else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character) && depth > 0) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(source.slice(partStart, at));
      partStart = at + 1;
    } else if (character === ')') return [...parts, source.slice(partStart, at)];
  }
  return parts;
}

function endOfString(source: string, start: number): number {
  const quote = source.charAt(start);
  for (let at = start + 1; at < source.length; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === quote) return at;
  }
  return source.length;
}
