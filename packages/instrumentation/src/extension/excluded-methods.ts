/** The patterns of `instrumentation.exclude`. */

import { invalidExclude } from '../errors.js';
import { patternExpression } from '../name-pattern.js';

const PATTERN = /^[\p{L}\p{N}_$*:-]+\.[\p{L}\p{N}_$*]+$/u;

interface Exclusion {
  /** `instrumentation.exclude[0]` */
  readonly entry: string;
  readonly component: RegExp;
  readonly method: RegExp;
  matched: boolean;
}

/** Methods that are not measured, named as `Component.method` with `*` for any part of a name. */
export class ExcludedMethods {
  readonly #exclusions: readonly Exclusion[];

  /** @throws TSK_ERR_INSTRUMENTATION_EXCLUDE with the entry and its source */
  constructor(
    patterns: readonly string[],
    private readonly origin: { readonly key: string; readonly source: string },
  ) {
    this.#exclusions = patterns.map((pattern, index) => {
      const key = `${origin.key}[${index}]`;
      if (!PATTERN.test(pattern)) throw invalidExclude({ key, value: pattern, source: origin.source });
      const [component = '', method = ''] = pattern.split('.');
      return {
        entry: key,
        component: patternExpression(component),
        method: patternExpression(method),
        matched: false,
      };
    });
  }

  has(component: string, method: string): boolean {
    const hits = this.#exclusions.filter((exclusion) => exclusion.component.test(component) && exclusion.method.test(method));
    for (const hit of hits) hit.matched = true;
    return hits.length > 0;
  }

  /** Announces a component whose instances come later, with methods that are unknown yet, so its patterns count as matched. */
  expect(component: string): void {
    for (const exclusion of this.#exclusions) exclusion.matched ||= exclusion.component.test(component);
  }

  /** A warning for each pattern that has not matched any method, and is probably misspelt. */
  get warnings(): readonly string[] {
    return this.#exclusions
      .filter(({ matched }) => !matched)
      .map(
        ({ entry }) => `${entry} matches no measured method (${this.origin.source}). Write Component.method, as in the metrics' labels.`,
      );
  }
}
