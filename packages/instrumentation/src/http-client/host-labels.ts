/** The labels of outgoing requests that say where they go: bounded by the hosts that the user names. */
import { patternExpression } from '../name-pattern.js';
import type { Target } from './target.js';

/** Hosts that the user names, or `any`. */
export type HostSelection = readonly string[] | 'any';

/** Matches the hosts of one entry: `api.example.com`, `*.example.com`, `localhost:8080`, `[::1]`. */
interface NamedHost {
  readonly label: string;
  readonly expression: RegExp;
  readonly hasPort: boolean;
}

const ENTRY = /^(?<host>\[[\da-f:.]+\]|[\p{L}\p{N}.*_-]+)(?<port>:\d{1,5})?$/iu;

/** Whether a text names hosts. */
export function isHostEntry(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 253 + 6 && ENTRY.test(text);
}

/** Finds the hosts of a list. Those with a port come first, then those without a pattern, then in the order of the list. */
export class HostList {
  readonly #named: readonly NamedHost[];
  /** By target: those of an origin are one object as long as they are remembered. */
  readonly #found = new WeakMap<Target, { readonly label: string | undefined }>();

  /** @param entries checked by `isHostEntry` */
  constructor(entries: readonly string[]) {
    const named = entries.map(namedHost);
    this.#named = [...named].sort((one, other) => rank(one) - rank(other));
  }

  /** Returns the entry that names a host, as it was written in the list; undefined if none does. */
  find(target: Target): string | undefined {
    let found = this.#found.get(target);
    if (found === undefined) {
      found = { label: this.#search(target) };
      this.#found.set(target, found);
    }
    return found.label;
  }

  #search({ authority, host, port }: Target): string | undefined {
    if (authority === undefined) return undefined;
    const bare = host?.includes(':') ? `[${host}]` : host;
    return this.#named.find(({ expression, hasPort }) => expression.test(hasPort ? `${bare}:${port}` : (bare as string)))?.label;
  }
}

function namedHost(entry: string): NamedHost {
  const { port } = ENTRY.exec(entry)?.groups ?? {};
  return { label: entry, expression: patternExpression(entry.toLowerCase()), hasPort: port !== undefined };
}

function rank({ label, hasPort }: NamedHost): number {
  return (hasPort ? 0 : 2) + (label.includes('*') ? 1 : 0);
}

/** Where a request goes, as labels say it. */
export interface HostLabels {
  /** The host, with the port if the user named it, or if it is not the default one and any host is labelled. */
  readonly host: string;
  /** The host alone. */
  readonly address: string;
  /** Empty for hosts that the user did not name. */
  readonly port: string;
}

/** Of requests to hosts that the user did not name. */
export const OTHER_HOST: HostLabels = { host: '<other>', address: '<other>', port: '' };

/** Returns the function that labels targets. The labels of a target are one object as long as it is remembered. */
export function hostLabeller(hosts: HostSelection): (target: Target) => HostLabels {
  const list = hosts === 'any' ? undefined : new HostList(hosts);
  const found = new WeakMap<Target, HostLabels>();
  return (target) => {
    let labels = found.get(target);
    if (labels === undefined) {
      labels = list === undefined ? ofAnyHost(target) : ofNamedHost(target, list);
      found.set(target, labels);
    }
    return labels;
  };
}

function ofAnyHost({ authority, host, port }: Target): HostLabels {
  return authority === undefined || host === undefined ? OTHER_HOST : { host: authority, address: host, port: String(port) };
}

function ofNamedHost(target: Target, list: HostList): HostLabels {
  const host = list.find(target);
  return host === undefined ? OTHER_HOST : { host, address: bareAddress(host), port: String(target.port) };
}

/** The host of an entry, without its port and without the brackets of IPv6. */
function bareAddress(entry: string): string {
  const { host = entry } = ENTRY.exec(entry)?.groups ?? {};
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
