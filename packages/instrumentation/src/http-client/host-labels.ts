/** The `host` label of outgoing requests: bounded by the hosts that the user names. */
import { patternExpression } from '../name-pattern.js';
import type { Target } from './target.js';

/** The `host` of requests to hosts that the user did not name. */
export const OTHER_HOST = '<other>';

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

/** Returns the function that labels targets. */
export function hostLabeller(hosts: HostSelection): (target: Target) => string {
  if (hosts === 'any') return ({ authority }) => authority ?? OTHER_HOST;
  const list = new HostList(hosts);
  return (target) => list.find(target) ?? OTHER_HOST;
}
