/** What a format decides: how metrics become bytes. */
import type { Instrument } from '../instruments/instrument.js';
import type { PromClientFamily } from '../prom-client.js';
import type { DefaultLabels } from './default-labels.js';

/** With what the metrics of one scrape are written. */
export interface Writing {
  readonly defaultLabels: DefaultLabels;
  /** Whether another metric of the registry has a name. */
  readonly isTaken: (name: string) => boolean;
}

/**
 * One scrape in a format. The chunks of a metric are small enough to be written between two turns of the event loop; an empty one is only a chance for
 * such a turn. The chunks of one metric are read to their end before those of the next.
 */
export interface Exposition {
  /** The chunks of one of our metrics, with the series it has now. */
  instrument(instrument: Instrument): Iterable<Uint8Array>;
  /** The chunks of a metric of prom-client's. */
  guest(guest: PromClientFamily): Iterable<Uint8Array>;
  /** What follows the last metric. */
  readonly end: Uint8Array;
}

export interface Format {
  readonly contentType: string;
  open(writing: Writing): Exposition;
}
