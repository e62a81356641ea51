/** Reads the ports and the environment of the services of a compose file. */
import { parseDocument } from 'yaml';
import { type Mapping, mappingOf } from '../mapping.js';
import type { Project } from './project/project.js';

/** One service that may be the application. */
export interface ComposeService {
  readonly name: string;
  /** The `TSUKIMI_` variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly PublishedPort[];
}

/** A port of a container that the host publishes. */
export interface PublishedPort {
  /** The entry as written, for messages. */
  readonly written: string;
  readonly containerPort: number;
  /** The address of the host; `0.0.0.0` by default. */
  readonly hostAddress: string;
}

/** A compose file and what is in it. */
export interface ComposeFile {
  readonly file: string;
  readonly text: string;
  readonly services: readonly ComposeService[];
}

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** @see https://github.com/compose-spec/compose-spec/blob/main/spec.md */
export async function readComposeFile(project: Project): Promise<ComposeFile | undefined> {
  for (const file of NAMES) {
    const text = await project.text(file);
    if (text === undefined) continue;
    const root = rootOf(text);
    return {
      file,
      text,
      services: Object.entries(partsOf(root['services'])).map(([name, service]) => serviceOf(name, partsOf(service))),
    };
  }
  return undefined;
}

// Compose itself reports what is wrong with an invalid file.
function rootOf(text: string): Mapping {
  try {
    return partsOf(parseDocument(text, { merge: true }).toJS() as unknown);
  } catch {
    return {};
  }
}

function serviceOf(name: string, { environment, ports }: Mapping): ComposeService {
  const pairs = Array.isArray(environment) ? environment.map((line) => String(line).split(/=(.*)/s)) : Object.entries(partsOf(environment));
  const own = pairs.filter(([key]) => String(key).startsWith('TSUKIMI_')).map(([key, value]) => [String(key), interpolated(value ?? '')]);
  return { name, environment: Object.fromEntries(own), ports: Array.isArray(ports) ? ports.flatMap(portOf) : [] };
}

function portOf(port: unknown): readonly PublishedPort[] {
  if (typeof port === 'object' && port !== null) {
    const { target, host_ip: address = '0.0.0.0', published } = partsOf(port);
    return published === undefined
      ? []
      : [{ written: `${published}:${target}`, containerPort: Number(interpolated(target)), hostAddress: String(address) }];
  }
  const written = interpolated(port);
  const [, address, , container = ''] = /^(?:\[?(.+?)\]?:)??(?:([\d-]*):)?(\d+)(?:\/\w+)?$/.exec(written) ?? [];
  return container === '' ? [] : [{ written, containerPort: Number(container), hostAddress: address ?? '0.0.0.0' }];
}

/** `${PORT:-8000}` is 8000 if the variable is not set. */
function interpolated(value: unknown): string {
  return String(value).replace(/\$\{\w+(?::?-([^}]*))?[^}]*\}/g, '$1');
}

function partsOf(value: unknown): Mapping {
  return mappingOf(value) ?? {};
}
