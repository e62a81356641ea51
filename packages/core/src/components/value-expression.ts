/** The parsed `${key:default}` expressions of `@Value`. */

/** A piece of an expression: text as it is, or a placeholder. */
export type ValuePart = string | Placeholder;

/** A key of the configuration, and its default. */
export interface Placeholder {
  readonly key: string;
  /** The default, which may itself contain placeholders; undefined if there is none. */
  readonly fallback: readonly ValuePart[] | undefined;
}

/** A parsed expression. */
export interface ValueExpression {
  readonly text: string;
  readonly parts: readonly ValuePart[];
}
