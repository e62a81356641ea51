/** What a registry tells of itself. */

export const SERIES_DROPPED = {
  name: 'metrics_series_dropped_total',
  help: 'Recordings that went to the __overflow__ series because their metric had reached its series budget.',
  labelNames: ['metric'],
} as const;

export const INVALID_VALUES = {
  name: 'metrics_invalid_values_total',
  help: 'Recordings that were refused: a value that is not a number, infinite or negative, or a label the metric does not have.',
  labelNames: ['metric'],
} as const;
