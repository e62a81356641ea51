/** The `${key:default}` expressions of `@Value`, once they are read. */

/** A piece of an expression: text as it is, or a placeholder. */
export type ValuePart = string | Placeholder;

/** A key of the configuration, and what to take where no source has it. */
export interface Placeholder {
  readonly key: string;
  /** May itself hold placeholders; undefined where there is none. */
  readonly fallback: readonly ValuePart[] | undefined;
}

/** A parsed expression. */
export interface ValueExpression {
  readonly text: string;
  readonly parts: readonly ValuePart[];
}
