/** The schema of the namespace `statsd`. */
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { exporterSchema } from '@tsukimi/instrumentation';
import type { Static } from 'typebox';
import { LARGEST_PACKET_BYTES, SMALLEST_PACKET_BYTES, type StatsdOptions, USUAL_QUANTILES } from './options.js';

/** Schema of the namespace `statsd`: where the server is, and how it wants to have names. */
export const StatsdSchema = exporterSchema({
  host: Type.String({ default: '127.0.0.1', shown: true }),
  port: Type.Integer({ minimum: 1, maximum: 65_535, default: 8125, shown: true }),
  socket: Type.Optional(Type.String({ shown: true })),
  mode: Type.Union([Type.Literal('plain'), Type.Literal('dogstatsd')], { default: 'plain', shown: true }),
  prefix: Type.String({ default: '', shown: true }),
  tags: Type.Record(Type.String(), Type.String(), { default: {} }),
  quantiles: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1, shown: true }), { default: [...USUAL_QUANTILES] }),
  max_packet_bytes: Type.Optional(Type.Integer({ minimum: SMALLEST_PACKET_BYTES, maximum: LARGEST_PACKET_BYTES, shown: true })),
});

/** Returns the options of a namespace. */
export function optionsOf(settings: Static<typeof StatsdSchema>): StatsdOptions {
  const { host, port, socket, mode, prefix, tags, quantiles, max_packet_bytes: maxPacketBytes } = settings;
  return { host, port, socket, mode, prefix, tags, quantiles, maxPacketBytes };
}

/** The key of an option. */
export function keyOf(option: keyof StatsdOptions): string {
  return option === 'maxPacketBytes' ? 'max_packet_bytes' : option;
}
