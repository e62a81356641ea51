/** The patterns of `instrumentation.exclude`. */
import { invalidExclude } from './errors.js';

const PATTERN = /^[\w$*]+\.[\w$*]+$/;

interface Exclusion {
  readonly pattern: string;
  readonly expression: RegExp;
  matched: boolean;
}

/** Methods that are not measured, named as `Component.method` with `*` for any part of a name. */
export class ExcludedMethods {
  readonly #exclusions: readonly Exclusion[];

  /** @throws TSK_ERR_INSTRUMENTATION_EXCLUDE naming the entry and its source */
  constructor(patterns: readonly string[], origin: { readonly key: string; readonly source: string }) {
    this.#exclusions = patterns.map((pattern, index) => {
      if (!PATTERN.test(pattern)) throw invalidExclude(`${origin.key}[${index}]`, pattern, origin.source);
      const expression = new RegExp(`^${pattern.replace(/[.$]/g, '\\$&').replaceAll('*', '.*')}$`);
      return { pattern, expression, matched: false };
    });
  }

  has(component: string, method: string): boolean {
    const name = `${component}.${method}`;
    const hits = this.#exclusions.filter(({ expression }) => expression.test(name));
    for (const hit of hits) hit.matched = true;
    return hits.length > 0;
  }

  /** Patterns that no method has had so far: most likely misspelt. */
  get unmatched(): readonly string[] {
    return this.#exclusions.filter(({ matched }) => !matched).map(({ pattern }) => pattern);
  }
}
