/** The metrics of one family as they are written. */

import { fieldsOf, ProtobufWriter } from '../../wire/protobuf-writer.js';
import type { DefaultLabels } from '../default-labels.js';
import { FAMILY, LABEL, METRIC } from './fields.js';
import { NativeBuckets } from './native-buckets.js';
import { writeLabel } from './values.js';

/** What all families of one scrape are written with. */
export class MessageSink {
  readonly out = new ProtobufWriter();
  readonly buckets = new NativeBuckets();
}

/** Begins and ends the metrics of a family. The names of labels and the default labels are the same in each, and are made ready once. */
export class FamilyMessage {
  readonly out: ProtobufWriter;
  readonly buckets: NativeBuckets;
  readonly #labelNames: readonly Uint8Array[];
  readonly #defaults: Uint8Array;

  constructor(sink: MessageSink, labelNames: readonly string[], defaultLabels: DefaultLabels) {
    this.out = sink.out;
    this.buckets = sink.buckets;
    this.#labelNames = labelNames.map(nameField);
    this.#defaults = defaultsField(labelNames, defaultLabels);
  }

  /**
   * Begins a metric with its labels; what it returns is for `out.end`. Empty labels are left out: Prometheus treats them as absent.
   * @param more a further label, made by `labelField`
   */
  begin(labelValues: readonly string[], more?: Uint8Array): number {
    const { out } = this;
    const start = out.begin(FAMILY.metric);
    for (let index = 0; index < labelValues.length; index += 1) {
      const value = labelValues[index] as string;
      if (value === '') continue;
      const label = out.begin(METRIC.label);
      out.bytes(this.#labelNames[index] as Uint8Array);
      out.string(LABEL.value, value);
      out.end(label);
    }
    out.bytes(this.#defaults);
    if (more !== undefined) out.bytes(more);
    return start;
  }
}

/** A whole label, to be written in many metrics. */
export function labelField(name: string, value: string): Uint8Array {
  return fieldsOf((out) => writeLabel(out, METRIC.label, [name, value]));
}

function nameField(name: string): Uint8Array {
  return fieldsOf((out) => out.string(LABEL.name, name));
}

function defaultsField(labelNames: readonly string[], defaultLabels: DefaultLabels): Uint8Array {
  const missing = Object.entries(defaultLabels).filter(([name, value]) => value !== '' && !labelNames.includes(name));
  return fieldsOf((out) => {
    for (const label of missing) writeLabel(out, METRIC.label, label);
  });
}
