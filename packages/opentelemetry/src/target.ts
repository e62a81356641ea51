/** Where a signal is sent to: address, headers, and limits, from the options and the standard `OTEL_*` variables. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import { pairsOf } from './environment-pairs.js';
import { invalidOption, unsupportedProtocol } from './errors.js';
import { checkExporters, type Signal } from './exporter-variables.js';
import type { Environment, OtlpOptions } from './options.js';

/** Where a signal is sent to. */
export interface ExportTarget {
  /** The whole URL, without credentials: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** The address for log lines: without path parameters and credentials. */
  readonly shown: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What must not appear in a log line: the values of the headers, and the credentials of the URL. */
  readonly secrets: readonly string[];
  readonly compression: 'none' | 'gzip';
  readonly timeoutMs: number;
}

/** The options of a signal's target. */
export interface TargetOptions extends Pick<OtlpOptions, 'endpoint' | 'headers' | 'compression' | 'timeoutMs'> {
  /** The whole URL for this signal; nothing is appended to it. It wins over `endpoint`. */
  readonly signalEndpoint?: string | undefined;
}

const USUAL_ENDPOINT = 'http://127.0.0.1:4318';

/**
 * Returns where a signal is sent to. An option wins over the variable of the signal (`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`), and that over the common
 * one.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL
 */
export function exportTarget(signal: Signal, options: TargetOptions, environment: Environment = process.env): ExportTarget {
  const read = (name: string) => variable(environment, signal, name);
  const protocol = read('PROTOCOL');
  if (protocol !== undefined && protocol.value !== 'http/protobuf') throw unsupportedProtocol(protocol.name, protocol.value);
  const { url, credentials } = checkedUrl(signal, options, environment);
  const headers = checkedHeaders(options, environment, signal);
  const { origin, pathname } = new URL(url);
  const given = options.compression === undefined ? read('COMPRESSION') : undefined;
  const compression = options.compression ?? given?.value ?? 'none';
  if (compression !== 'none' && compression !== 'gzip') throw invalidOption(given?.name ?? 'compression', compression, 'none or gzip');
  const timeoutMs = timeLimitMs(signal, options, environment);
  return {
    url,
    shown: `${origin}${pathname}`,
    headers: { ...headers, ...credentials.header },
    secrets: [...Object.values(headers), ...credentials.secrets].filter((secret) => secret !== ''),
    compression,
    timeoutMs,
  };
}

/** The target of traces that are sent from here. @throws as `exportTarget`, and if `OTEL_TRACES_EXPORTER` asks for an exporter that there is not */
export function tracesTarget(options: TargetOptions, environment: Environment = process.env): ExportTarget {
  checkExporters('traces', environment);
  return exportTarget('traces', options, environment);
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function variable(environment: Environment, signal: Signal, name: string): Variable | undefined {
  const names = [`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`, `OTEL_EXPORTER_OTLP_${name}`];
  return names.map((each) => ({ name: each, value: environment[each]?.trim() ?? '' })).find(({ value }) => value !== '');
}

/** The time limit of a whole export, which the specification has beside that of a request: here, each export is a request. */
const EXPORT_TIMEOUT: Readonly<Record<Signal, string>> = { traces: 'OTEL_BSP_EXPORT_TIMEOUT', metrics: 'OTEL_METRIC_EXPORT_TIMEOUT' };
const USUAL_TIMEOUT_MS = 10_000;

/** The option, or the shorter one of the limits that variables set. */
function timeLimitMs(signal: Signal, { timeoutMs }: TargetOptions, environment: Environment): number {
  if (timeoutMs !== undefined) return checkedTimeMs('timeoutMs', timeoutMs);
  const ofRequest = variable(environment, signal, 'TIMEOUT');
  const name = EXPORT_TIMEOUT[signal];
  const ofExport = environment[name]?.trim() ?? '';
  return Math.min(
    ofRequest === undefined ? USUAL_TIMEOUT_MS : checkedTimeMs(ofRequest.name, Number(ofRequest.value), ofRequest.value),
    ofExport === '' ? LONGEST_TIMEOUT_MS : checkedTimeMs(name, Number(ofExport), ofExport),
  );
}

function checkedTimeMs(name: string, timeMs: number, received: unknown = timeMs): number {
  if (!Number.isInteger(timeMs) || timeMs < 1 || timeMs > LONGEST_TIMEOUT_MS)
    throw invalidOption(name, received, `a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`);
  return timeMs;
}

function checkedUrl(signal: Signal, { endpoint, signalEndpoint }: TargetOptions, environment: Environment) {
  const ofSignal = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  const given = [
    { key: `${signal}.endpoint`, value: signalEndpoint, isWhole: true },
    { key: 'endpoint', value: endpoint, isWhole: false },
    { key: ofSignal, value: environment[ofSignal]?.trim() || undefined, isWhole: true },
    { key: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: environment['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() || undefined, isWhole: false },
  ].find(({ value }) => value !== undefined) ?? { key: 'endpoint', value: USUAL_ENDPOINT, isWhole: false };
  const { key, value, isWhole } = given;
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value))
    throw invalidOption(key, value, `a URL with http or https, such as ${USUAL_ENDPOINT}${isWhole ? `/v1/${signal}` : ''}`);
  const url = new URL(value);
  const { username, password } = url;
  const isAuthorized = username !== '' || password !== '';
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const credentials = isAuthorized
    ? { header: { Authorization: `Basic ${pair}` }, secrets: [decodeURIComponent(password), pair] }
    : { header: {}, secrets: [] };
  url.username = '';
  url.password = '';
  url.hash = '';
  if (!isWhole) url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return { url: url.href, credentials };
}

function checkedHeaders({ headers }: TargetOptions, environment: Environment, signal: Signal): Readonly<Record<string, string>> {
  const names = ['OTEL_EXPORTER_OTLP_HEADERS', `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`];
  const sources = names.map((key) => ({ key, pairs: pairsOf(environment[key]) }));
  const isRecord = typeof headers === 'object' && headers !== null;
  if (headers !== undefined && !(isRecord && Object.values(headers).every((value) => typeof value === 'string')))
    throw invalidOption('headers', headers, 'an object of texts, such as { "x-api-key": "..." }');
  const all: Record<string, string> = {};
  for (const { key, pairs } of [...sources, { key: 'headers', pairs: headers ?? {} }]) {
    for (const [name, value] of Object.entries(pairs)) {
      checkHeader(`The name of a header in ${key}`, name, () => validateHeaderName(name));
      checkHeader(`The value of a header in ${key}`, value, () => validateHeaderValue(name, value));
      all[name.toLowerCase()] = value;
    }
  }
  return all;
}

function checkHeader(shown: string, received: string, check: () => void): void {
  try {
    check();
  } catch {
    throw invalidOption(shown, received, 'names without spaces, and values without line breaks');
  }
}
