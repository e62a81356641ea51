/** Samples of prom-client's metrics, made fit to be written: one that Prometheus can't read would cost the whole scrape. */
import { exemplarLabelText, faultOf, type WrittenExemplar } from '../exemplar.js';
import { checkSample } from '../names.js';
import type { PromClientSample } from '../prom-client.js';
import type { DefaultLabels } from './default-labels.js';

export interface GuestSample {
  readonly name: string;
  /** Names and values as prom-client has them, the default labels among them. */
  readonly labels: readonly (readonly [name: string, value: unknown])[];
  readonly value: number;
  readonly exemplar: WrittenExemplar | undefined;
}

/**
 * @param family the name of a sample that has none of its own
 * @throws TypeError where its name or a label's can't be carried
 */
export function guestSample(family: string, sample: PromClientSample, defaultLabels: DefaultLabels): GuestSample {
  const labels = { ...defaultLabels, ...sample.sharedLabels, ...sample.labels };
  const name = sample.metricName ?? family;
  checkSample(name, Object.keys(labels));
  return { name, labels: Object.entries(labels), value: Number(sample.value), exemplar: exemplarOf(sample) };
}

function exemplarOf({ exemplar }: PromClientSample): WrittenExemplar | undefined {
  if (exemplar?.labelSet === undefined) return undefined;
  const { value, timestamp } = exemplar;
  const labels = Object.fromEntries(Object.entries(exemplar.labelSet).map(([name, text]) => [name, exemplarLabelText(text)]));
  // prom-client only checks their length. Leave out what Prometheus does not accept, so that the rest of the scrape is kept.
  if (!Number.isFinite(value) || (timestamp !== undefined && !Number.isFinite(timestamp)) || faultOf(labels) !== undefined)
    return undefined;
  return { labels, value, timestampSeconds: timestamp };
}
