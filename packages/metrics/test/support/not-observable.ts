/** Values that histograms and summaries refuse. */
export const NOT_OBSERVABLE: readonly (readonly [what: string, value: unknown])[] = [
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a negative number', -0.001],
  ['a text', '5'],
  ['undefined', undefined],
  ['null', null],
];
