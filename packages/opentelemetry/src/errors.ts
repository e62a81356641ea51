/** The error class of this package, and its errors. */
import { ApplicationError, describeReceived } from '@tsukimi/core';

/** An error of `@tsukimi/opentelemetry`: what happened, what was received, and how to fix it. It never repeats headers or the credentials of an address. */
export class OpenTelemetryError extends ApplicationError {
  override readonly name: string = 'OpenTelemetryError';
}

/** What other programs accept for these options, and what is no secret. */
const WORDS = [
  'grpc',
  'http/json',
  'br',
  'deflate',
  'zstd',
  'b3',
  'b3multi',
  'jaeger',
  'xray',
  'ottrace',
  'zipkin',
  'console',
  'logging',
  'prometheus',
];

export const invalidOption = (key: string, value: unknown, allowed: string): OpenTelemetryError =>
  new OpenTelemetryError(
    'TSK_ERR_OPENTELEMETRY_OPTION',
    `${key} is ${describeReceived(value, { isPlain: true, words: WORDS })}. Use ${allowed}.`,
  );

export const unsupportedProtocol = (variable: string, value: string): OpenTelemetryError =>
  new OpenTelemetryError(
    'TSK_ERR_OPENTELEMETRY_PROTOCOL',
    `${variable} is ${describeReceived(value, { isPlain: true, words: WORDS })}, and only OTLP over HTTP with protobuf is supported. Set it to http/protobuf, and let the endpoint be the receiver's HTTP port, which is 4318 by default.`,
  );

interface Rejection {
  readonly target: string;
  readonly rejectedPoints: number;
  /** Without credentials. */
  readonly why: string;
}

/** Logged, never thrown. */
export const pointsRejected = ({ target, rejectedPoints, why }: Rejection): OpenTelemetryError =>
  new OpenTelemetryError(
    'TSK_ERR_OPENTELEMETRY_POINTS',
    `${target} took a push of metrics ${rejectedPoints > 0 ? `without ${rejectedPoints} of its points` : 'with a warning'}: ${why === '' ? 'it does not say why' : why}. Correct what the reason names; points that are not taken are counted in otlp_rejected_points_total.`,
  );
