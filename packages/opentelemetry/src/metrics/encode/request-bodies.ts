/** Puts messages into requests. */
import type { LabelRecord } from '@tsukimi/metrics';
import { writeAttributes } from './attributes.js';
import { REQUEST, RESOURCE, RESOURCE_METRICS, SCOPE, SCOPE_METRICS } from './fields.js';
import { OtlpWriter } from './otlp-writer.js';

/** Receivers refuse requests that are too long: the Collector takes 20 MiB. */
const LONGEST_BODY_BYTES = 4 * 1024 * 1024;

/** Who sends: the attributes of the resource, and the version of this package. */
export interface Sender {
  readonly resource: LabelRecord;
  readonly version: string;
}

/** Makes the bodies of requests for one sender. */
export class RequestBodies {
  readonly #resource: Uint8Array;
  readonly #scope: Uint8Array;

  constructor({ resource, version }: Sender) {
    const out = new OtlpWriter();
    const start = out.begin(RESOURCE_METRICS.resource);
    writeAttributes(out, RESOURCE.attributes, { labels: resource, keys: {} });
    out.end(start);
    this.#resource = out.take();
    const scope = out.begin(SCOPE_METRICS.scope);
    out.string(SCOPE.name, '@tsukimi/opentelemetry');
    out.string(SCOPE.version, version);
    out.end(scope);
    this.#scope = out.take();
  }

  /** Returns as few bodies as possible. @param messages fields of `ScopeMetrics` */
  of(messages: readonly Uint8Array[]): readonly Uint8Array[] {
    const bodies: Uint8Array[] = [];
    let group: Uint8Array[] = [];
    let bytes = 0;
    for (const message of messages) {
      if (group.length > 0 && bytes + message.length > LONGEST_BODY_BYTES) {
        bodies.push(this.#body(group));
        group = [];
        bytes = 0;
      }
      group.push(message);
      bytes += message.length;
    }
    if (group.length > 0) bodies.push(this.#body(group));
    return bodies;
  }

  #body(messages: readonly Uint8Array[]): Uint8Array {
    const scopeMetrics = [this.#scope, ...messages];
    const resourceMetrics = [this.#resource, fieldHead(RESOURCE_METRICS.scopeMetrics, scopeMetrics), ...scopeMetrics];
    return Buffer.concat([fieldHead(REQUEST.resourceMetrics, resourceMetrics), ...resourceMetrics]);
  }
}

const heads = new OtlpWriter();

/** The tag and the length of a field. */
function fieldHead(field: number, parts: readonly Uint8Array[]): Uint8Array {
  heads.head(
    field,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  return heads.take();
}
