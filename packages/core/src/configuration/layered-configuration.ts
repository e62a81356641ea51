/** The configuration of one application: looks values up in its layers, and remembers what was asked for. */
import type { Static, TSchema } from 'typebox';
import { configurationInvalid, invalidConfigurationValue } from '../errors/configuration.js';
import { printValue } from '../errors/wording.js';
import type { Configuration, ConfigurationValue } from './configuration.js';
import { coerce, PROFILE_VARIABLE } from './environment.js';
import { ENVIRONMENT_PREFIX, environmentName } from './environment-name.js';
import { isMapping, type Mapping, overlay, valueAt } from './mapping.js';
import { fillNamespace, type Problem, problemsOf } from './namespace.js';
import { nearest } from './nearest.js';
import { CORE_NAMESPACES } from './schema.js';
import type { Layer, Sources } from './sources.js';

const FARTHEST_NAMESPACE_TYPO = 2;

/** Looks values up in the layers, later ones first, and the environment before all of them. */
export class LayeredConfiguration implements Configuration {
  readonly profile: string | undefined;
  readonly #layers: readonly Layer[];
  readonly #environment: Sources['environment'];
  readonly #merged: Mapping;
  readonly #namespaces = new Map<string, Mapping>(Object.keys(CORE_NAMESPACES).map((name) => [name, {}]));
  readonly #knownVariables = new Set([PROFILE_VARIABLE]);
  readonly #askedNamespaces = new Set<string>();
  readonly #warned = new Set<string>();
  readonly #warn: (message: string) => void;

  /** @param warn is told of keys that nobody knows, each once. */
  constructor(sources: Sources, warn: (message: string) => void) {
    this.profile = sources.profile;
    this.#layers = sources.layers;
    this.#environment = sources.environment;
    this.#merged = sources.layers.reduce<Mapping>((merged, { values }) => overlay(merged, values), {});
    this.#warn = warn;
  }

  get(key: string): ConfigurationValue | undefined {
    this.#askedNamespaces.add(key.split('.')[0] ?? key);
    const variable = this.#variable(key);
    if (variable !== undefined) return variable;
    const value = this.#lookUp(key);
    return isMapping(value) ? this.#withEnvironment(value, key) : value;
  }

  sourceOf(key: string): string {
    // Asking where a value comes from does not make its key a known one.
    if (this.#environment[environmentName(key)] !== undefined) return `environment ${environmentName(key)}`;
    return this.#layers.findLast(({ values }) => valueAt(values, key) !== undefined)?.name ?? 'default';
  }

  namespace<S extends TSchema>(name: string, schema: S): Static<S> {
    this.#askedNamespaces.add(name);
    const raw = valueAt(this.#merged, name) ?? {};
    if (!isMapping(raw)) {
      throw invalidConfigurationValue({ key: name, value: raw, source: this.sourceOf(name), allowed: 'a mapping of keys to values' });
    }
    const filled = fillNamespace(schema, raw, name, {
      fromEnvironment: (key, keySchema) => this.#coerced(key, keySchema),
      onUnknownKey: (key, known) => this.#warnOfKey(key, known),
    });
    const problems = problemsOf(schema, filled, name);
    if (problems.length > 0) throw configurationInvalid(problems.map((problem) => this.#describe(problem)));
    this.#namespaces.set(name, filled);
    // Validated just now against the very schema the type comes from.
    return structuredClone(filled) as Static<S>;
  }

  /** Warns of variables and namespaces that nobody has asked for and that look like a slip; to be called once all have asked. */
  warnOfUnused(): void {
    for (const name of Object.keys(this.#merged)) this.#warnOfNamespace(name);
    const variables = Object.keys(this.#environment).filter((name) => name.startsWith(ENVIRONMENT_PREFIX));
    for (const name of variables) this.#warnOfVariable(name);
  }

  #lookUp(key: string): ConfigurationValue | undefined {
    const given = valueAt(this.#merged, key);
    const filled = valueAt(Object.fromEntries(this.#namespaces), key);
    if (isMapping(given) && isMapping(filled)) return overlay(filled, given);
    // A namespace with nothing below it is null in YAML.
    return given === undefined || (given === null && isMapping(filled)) ? filled : given;
  }

  #variable(key: string): string | undefined {
    const name = environmentName(key);
    this.#knownVariables.add(name);
    return this.#environment[name];
  }

  #coerced(key: string, schema: TSchema): ConfigurationValue | undefined {
    const text = this.#variable(key);
    return text === undefined ? undefined : coerce(text, schema);
  }

  #withEnvironment(mapping: Mapping, key: string): Mapping {
    return Object.fromEntries(
      Object.entries(mapping).map(([name, value]) => {
        const inner = `${key}.${name}`;
        return [name, this.#variable(inner) ?? (isMapping(value) ? this.#withEnvironment(value, inner) : value)];
      }),
    );
  }

  #describe({ key, value, complaint, allowed }: Problem): string {
    if (value === undefined) return `${key} ${complaint}. Allowed: ${allowed}.`;
    const source = this.sourceOf(key.replace(/\[.*$/, ''));
    const quotes = typeof value === 'number' && allowed.startsWith('a string') ? ' Put it in quotes.' : '';
    return `${key}: ${printValue(key, value)} ${complaint} (${source}). Allowed: ${allowed}.${quotes}`;
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#warn(message);
  }

  #warnOfKey(key: string, known: readonly string[]): void {
    const place = key.slice(0, key.lastIndexOf('.'));
    const guess = nearest(key.slice(place.length + 1), known);
    const hint = guess === undefined ? `known in ${place}: ${known.join(', ')}` : `did you mean ${place}.${guess}?`;
    this.#warnOnce(`${key} (${this.sourceOf(key)}) is not a known key; ${hint}`);
  }

  #warnOfNamespace(name: string): void {
    if (this.#askedNamespaces.has(name)) return;
    // Where the right one is there as well, this one is no slip.
    const candidates = [...this.#namespaces.keys()].filter((candidate) => valueAt(this.#merged, candidate) === undefined);
    const guess = nearest(name, candidates, FARTHEST_NAMESPACE_TYPO);
    if (guess !== undefined) this.#warnOnce(`${name} (${this.sourceOf(name)}) is read by nobody; did you mean ${guess}?`);
  }

  #warnOfVariable(name: string): void {
    if (this.#knownVariables.has(name) || this.#isUsersOwn(name)) return;
    const guess = nearest(name, this.#knownVariables);
    this.#warnOnce(`the environment variable ${name} matches no known key${guess === undefined ? '' : `; did you mean ${guess}?`}`);
  }

  #isUsersOwn(variable: string): boolean {
    const own = Object.keys(this.#merged).filter((name) => !this.#namespaces.has(name));
    return own.some((name) => variable.startsWith(`${environmentName(name)}_`));
  }
}
