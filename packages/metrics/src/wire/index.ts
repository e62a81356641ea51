/** Protobuf's wire format, for packages that send metrics in a format of their own. */
export { ByteWriter } from './byte-writer.js';
export { ProtobufWriter } from './protobuf-writer.js';
