/** The metrics that a registry exposes about itself. */

export const SERIES_DROPPED = {
  name: 'metrics_series_dropped_total',
  help: 'Values that were recorded in the __overflow__ series because their metric had reached its limit of series.',
  labelNames: ['metric'],
} as const;

export const INVALID_VALUES = {
  name: 'metrics_invalid_values_total',
  help: 'Values that were rejected: not a number, infinite or negative, or with a label that the metric does not have.',
  labelNames: ['metric'],
} as const;
