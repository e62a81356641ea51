/** Writes metrics as lines of text, in chunks that are small enough to be written between two turns of the event loop. */
import type { Instrument } from '../instruments/instrument.js';
import { labelText } from '../label-text.js';
import type { PromClientFamily } from '../prom-client.js';
import { ByteWriter, CHUNK_BYTES } from '../wire/byte-writer.js';
import { missingDefaults } from './default-labels.js';
import { braced, exemplarText, formatLabels, formatNumber } from './escape.js';
import type { Exposition, Format, Writing } from './format.js';
import { type GuestSample, guestSample } from './guest-samples.js';
import { kindOf } from './kinds/kind-table.js';
import type { FamilyDialect, FamilyHead, TextDialect, TextFamily } from './text-dialect.js';

/** The types of the text format. Any other type would make Prometheus reject the whole scrape. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

/** A format of lines. */
export function linesFormat(dialect: TextDialect): Format {
  return { contentType: dialect.contentType, open: (writing) => new Lines(dialect, writing) };
}

class Lines implements Exposition {
  readonly #out = new ByteWriter();
  readonly end: Uint8Array;

  constructor(
    private readonly dialect: TextDialect,
    private readonly writing: Writing,
  ) {
    this.end = Buffer.from(dialect.end);
  }

  instrument(instrument: Instrument): Iterable<Uint8Array> {
    const { name, help, type, unit, labelNames } = instrument;
    const kind = kindOf(instrument);
    const family = this.#begin({ name, help, type, textType: kind.textType, unit });
    const write = kind.lines(instrument, family);
    const more = missingDefaults(labelNames, this.writing.defaultLabels);
    // A copy, because series are added and removed while this text is written.
    return this.#inChunks(family, [...instrument.series], (series) => {
      series.exposedLabels ??= formatLabels(labelNames, series.labelValues);
      write(series, joined(series.exposedLabels, more), this.#out);
    });
  }

  guest(guest: PromClientFamily): Iterable<Uint8Array> {
    const { name, type } = guest;
    const help = String(guest.help ?? '').toWellFormed();
    const textType = TEXT_TYPES.has(type) ? type : 'untyped';
    const dialect = this.#begin({ name, help, type, textType, unit: undefined });
    const { defaultLabels } = this.writing;
    return this.#inChunks(dialect, guest.values ?? [], (sample) =>
      this.#out.text(guestLine(guestSample(name, sample, defaultLabels), dialect)),
    );
  }

  #begin(head: FamilyHead): TextFamily {
    return this.dialect.begin(head, this.writing.isTaken);
  }

  *#inChunks<T>({ header }: TextFamily, items: Iterable<T>, write: (item: T) => void): Generator<Uint8Array> {
    const out = this.#out;
    try {
      out.text(header);
      for (const item of items) {
        write(item);
        if (out.length >= CHUNK_BYTES) yield out.takeChunk();
      }
      if (out.length > 0) yield out.takeChunk();
    } finally {
      // Drop the partial output of a failed item.
      out.clear();
    }
  }
}

function guestLine({ name, labels, value, exemplar }: GuestSample, dialect: FamilyDialect): string {
  const names = labels.map(([label]) => label);
  const texts = labels.map(([label, text]) => guestLabel(label, text, dialect));
  return `${name}${braced(formatLabels(names, texts))} ${formatNumber(value)}${dialect.family === undefined ? '' : exemplarText(exemplar)}\n`;
}

function guestLabel(label: string, value: unknown, { formatBound }: FamilyDialect): string {
  return typeof value === 'number' && (label === 'le' || label === 'quantile') ? formatBound(value) : labelText(value);
}

function joined(own: string, more: string): string {
  return own === '' || more === '' ? own + more : `${own},${more}`;
}
