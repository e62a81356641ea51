/** Buckets of histograms that are chosen apart from where the histograms are created, such as in a configuration. */
import { histogramMade, invalidOption } from './errors.js';
import { Histogram, type HistogramSettings } from './instruments/histogram.js';

const OPTIONS: readonly string[] = ['buckets', 'native', 'maxNativeBuckets'] satisfies readonly (keyof HistogramSettings)[];

/**
 * Returns the settings without those that are undefined.
 * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_BUCKETS, TSK_ERR_METRIC_OPTION
 */
export function checkedSettings(name: string, settings: HistogramSettings): HistogramSettings {
  const unknown = Object.keys(settings ?? {}).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) throw invalidOption(name, unknown, `does not exist. The settings of a histogram are ${OPTIONS.join(', ')}`);
  const set = Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)) as HistogramSettings;
  // A histogram says best what is wrong with its options.
  new Histogram({ name, help: '', registers: [], ...set });
  return set;
}

/**
 * Refuses settings that a histogram would no longer follow.
 * @param existing the metric of that name, if there is one
 * @throws TSK_ERR_METRIC_SHAPE
 */
export function checkNotTooLate(existing: unknown, settings: HistogramSettings): void {
  if (!(existing instanceof Histogram)) return;
  const { name, native, maxNativeBuckets, bounds: buckets } = existing;
  const asked = new Histogram({ name, help: '', buckets, native, maxNativeBuckets, ...settings, registers: [] });
  const isSame = asked.bounds.join() === buckets.join() && asked.native === native && asked.maxNativeBuckets === maxNativeBuckets;
  if (!isSame) throw histogramMade(name);
}
