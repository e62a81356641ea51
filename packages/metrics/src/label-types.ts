/** How labels look to the compiler: names are checked, values are texts, numbers or booleans. */

/** A label's value; anything but a string is written as `String(value)`. */
export type LabelValue = string | number | boolean;

/** A value for every label of a metric. */
export type Labels<L extends string> = Readonly<Record<L, LabelValue>>;

/** Values for some labels of a metric; the missing ones are empty, which Prometheus treats as absent. */
export type SomeLabels<L extends string> = { readonly [K in L]?: LabelValue };

/** The parameters of a recording method: labels come first where the metric has any, and cannot be left out. */
export type WithLabels<L extends string, Rest extends readonly unknown[]> = [L] extends [never] ? Rest : [labels: Labels<L>, ...rest: Rest];

/** The parameters of `labels()`: one object, or one value for each label in the order of `labelNames`. */
export type LabelArguments<L extends string> = [labels: Labels<L>] | string[];
