/** One line of the table: what was measured, what it may cost, what it cost. */

export interface Row {
  readonly what: string;
  readonly budget: string;
  readonly measured: string;
  /** Undefined where there is no budget to hold. */
  readonly holds: boolean | undefined;
  /** The absolute figures behind the ratio. */
  readonly detail: string;
}

interface Measured {
  readonly value: number;
  readonly unit: string;
  readonly detail: string;
}

/** A row whose value must not be above its budget. */
export function atMost(what: string, limit: number, { value, unit, detail }: Measured): Row {
  return { what, budget: `<= ${limit}${unit}`, measured: `${format(value)}${unit}`, holds: value <= limit, detail };
}

/** A row whose value must not be below its budget. */
export function atLeast(what: string, limit: number, { value, unit, detail }: Measured): Row {
  return { what, budget: `>= ${limit}${unit}`, measured: `${format(value)}${unit}`, holds: value >= limit, detail };
}

/** Four figures at the most. */
export function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
}

export function nanos(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${format(value)} ns`)
    .join(', ');
}
