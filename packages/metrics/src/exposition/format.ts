/** The interface of an exposition format, which converts metrics to bytes. */
import type { Instrument } from '../instruments/instrument.js';
import type { PromClientFamily } from '../prom-client.js';
import type { DefaultLabels } from './default-labels.js';

/** The context in which the metrics of one scrape are written. */
export interface Writing {
  readonly defaultLabels: DefaultLabels;
  /** Whether another metric of the registry has a name. */
  readonly isTaken: (name: string) => boolean;
}

/**
 * One scrape in a format. The chunks of a metric are small enough to be written between two turns of the event loop. An empty chunk only allows such
 * a turn. The chunks of one metric are read to their end before those of the next.
 */
export interface Exposition {
  /** Returns the chunks of one of our metrics, with its current series. */
  instrument(instrument: Instrument): Iterable<Uint8Array>;
  /** Returns the chunks of a metric of prom-client. */
  guest(guest: PromClientFamily): Iterable<Uint8Array>;
  /** The bytes after the last metric. */
  readonly end: Uint8Array;
}

export interface Format {
  readonly contentType: string;
  open(writing: Writing): Exposition;
}
