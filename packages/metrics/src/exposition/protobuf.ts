/** Prometheus's protobuf format, which alone carries native histograms. */
import type { Instrument } from '../instruments/instrument.js';
import type { PromClientFamily } from '../prom-client.js';
import { unitOf, withoutTotal } from '../units.js';
import { CHUNK_BYTES } from '../wire/byte-writer.js';
import { fieldsOf } from '../wire/protobuf-writer.js';
import type { Exposition, Format, Writing } from './format.js';
import { kindOf } from './kinds/kind-table.js';
import { FamilyMessage, MessageSink } from './messages/family-message.js';
import { FAMILY, TYPE } from './messages/fields.js';
import { guestFamilies } from './messages/guests.js';

/** The content type of the protobuf format: messages with their length in front. */
export const PROTOBUF_CONTENT_TYPE = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#protobuf-format */
export const PROTOBUF_FORMAT: Format = { contentType: PROTOBUF_CONTENT_TYPE, open: (writing) => new Messages(writing) };

/** A family before its metrics. */
interface Head {
  readonly name: string;
  readonly help: string;
  readonly type: number;
  readonly unit: string | undefined;
}

const NOTHING = new Uint8Array(0);

class Messages implements Exposition {
  readonly #sink = new MessageSink();
  readonly #writing: Writing;
  readonly end = NOTHING;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  instrument(instrument: Instrument): Iterable<Uint8Array> {
    const { name, help, labelNames } = instrument;
    const kind = kindOf(instrument);
    const family = new FamilyMessage(this.#sink, labelNames, this.#writing.defaultLabels);
    const unit = unitOf(withoutTotal(name), instrument.unit);
    // A copy: series come and go while they are written.
    return this.#inChunks({ name, help, type: TYPE[kind.textType], unit }, [...instrument.series], kind.messages(instrument, family));
  }

  *guest(guest: PromClientFamily): Iterable<Uint8Array> {
    const { out } = this.#sink;
    const help = String(guest.help ?? '').toWellFormed();
    for (const { name, type, metrics } of guestFamilies(guest, this.#writing.defaultLabels)) {
      yield* this.#inChunks({ name, help, type, unit: undefined }, metrics, (metric) => {
        const start = out.begin(FAMILY.metric);
        metric(out);
        out.end(start);
      });
    }
  }

  /** The length of all comes first: the chunks are kept until the last of them is there. */
  *#inChunks<T>(head: Head, items: readonly T[], write: (item: T) => void): Generator<Uint8Array> {
    const { out } = this.#sink;
    // A family without metrics is one that Prometheus refuses.
    if (items.length === 0) return;
    const chunks = [headOf(head)];
    try {
      for (const item of items) {
        write(item);
        if (out.length < CHUNK_BYTES) continue;
        chunks.push(out.takeChunk());
        yield NOTHING;
      }
      chunks.push(out.takeChunk());
    } finally {
      // Drop the partial output of a failed item.
      out.clear();
    }
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    yield fieldsOf((lengthOut) => lengthOut.varint(length));
    yield* chunks;
  }
}

function headOf({ name, help, type, unit }: Head): Uint8Array {
  return fieldsOf((out) => {
    out.string(FAMILY.name, name);
    out.string(FAMILY.help, help);
    out.unsigned(FAMILY.type, type);
    if (unit !== undefined) out.string(FAMILY.unit, unit);
  });
}
