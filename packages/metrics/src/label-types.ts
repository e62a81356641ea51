/** The types of labels: names are checked by the compiler, values are strings, numbers or booleans. */

/** The value of a label. Numbers and booleans are converted with `String(value)`. */
export type LabelValue = string | number | boolean;

/** Values for all labels of a metric. */
export type Labels<L extends string> = Readonly<Record<L, LabelValue>>;

/** Values for some labels of a metric. Missing ones are empty, which Prometheus treats as absent. */
export type SomeLabels<L extends string> = { readonly [K in L]?: LabelValue };

/** The parameters of a recording method. If the metric has labels, they are the first parameter and required. */
export type WithLabels<L extends string, Rest extends readonly unknown[]> = [L] extends [never] ? Rest : [labels: Labels<L>, ...rest: Rest];

/** The parameters of `labels()`: one object, or a string for each label in the order of `labelNames`. */
export type LabelArguments<L extends string> = [labels: Labels<L>] | string[];
