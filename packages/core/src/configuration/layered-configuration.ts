/** The configuration of one application. It looks values up in its layers, and remembers which keys were read. */
import type { Static, TSchema } from 'typebox';
import { nearest } from '../errors/nearest.js';
import { describeReceived } from '../errors/received.js';
import type { Configuration, ConfigurationValue } from './configuration.js';
import { SchemaWords } from './describe-schema.js';
import { PROFILE_VARIABLE } from './environment.js';
import { ENVIRONMENT_PREFIX, environmentName } from './environment-name.js';
import { configurationEmptied, configurationInvalid, invalidConfigurationValue } from './errors.js';
import { overlay, valueAt } from './mapping.js';
import { type Problem, readNamespace } from './namespace.js';
import type { UnknownKey } from './namespace-filler.js';
import { CORE_NAMESPACES } from './schema.js';
import { SchemaDocument } from './schema-document.js';
import { propertiesOf, shapeOf } from './schema-shape.js';
import { likelyMeant } from './slips.js';
import type { Layer, Sources } from './sources.js';
import { isExact, isMapping, isNull, plainValue, type WrittenMapping, WrittenScalar, type WrittenValue } from './written-value.js';

/** Looks values up in the environment first, and then in the layers from the last to the first. */
export class LayeredConfiguration implements Configuration {
  readonly profile: string | undefined;
  readonly #layers: readonly Layer[];
  readonly #environment: Sources['environment'];
  readonly #merged: WrittenMapping;
  readonly #namespaces = new Map<string, WrittenMapping>(Object.keys(CORE_NAMESPACES).map((name) => [name, {}]));
  readonly #knownVariables = new Set([PROFILE_VARIABLE]);
  readonly #askedNamespaces = new Set<string>();
  readonly #warned = new Set<string>();
  readonly #flatKeys: UnknownKey[] = [];
  readonly #warn: (message: string) => void;

  /**
   * @param warn called once for each unknown key.
   * @throws TSK_ERR_CONFIGURATION_VALUE if a key without a value would remove the value of an earlier source.
   */
  constructor(sources: Sources, warn: (message: string) => void) {
    this.profile = sources.profile;
    this.#layers = sources.layers;
    this.#environment = sources.environment;
    this.#merged = mergedLayers(sources.layers);
    this.#warn = warn;
  }

  get namespaces(): readonly string[] {
    return [...new Set([...this.#namespaces.keys(), ...Object.keys(this.#merged)])];
  }

  get(key: string): ConfigurationValue | undefined {
    this.#askedNamespaces.add(key.split('.')[0] ?? key);
    const variable = this.#variable(key);
    if (variable !== undefined) return variable;
    const value = this.#lookUp(key);
    if (value === undefined) return undefined;
    return plainValue(isMapping(value) ? this.#withEnvironment(value, key) : value);
  }

  /** The text of a number, boolean or null as written in a file; undefined for everything else. */
  textOf(key: string): string | undefined {
    const value = this.#environment[environmentName(key)] === undefined ? this.#lookUp(key) : undefined;
    return value instanceof WrittenScalar ? value.text : undefined;
  }

  /** The place of the first number, at or below a key, whose text would lose digits, such as `1.10` or `0049`: `tags[0]`. */
  inexactAt(key: string): string | undefined {
    const value = this.#environment[environmentName(key)] === undefined ? this.#lookUp(key) : undefined;
    return value === undefined ? undefined : inexactWithin(value, key);
  }

  sourceOf(key: string): string {
    // Looking up the source of a key does not make the key known.
    return this.#sourceOfPath(key.split('.'));
  }

  placeOf(key: string): string {
    return this.#placeAt(key.split(/\.|\[(?=\d+\])/).map((part) => part.replace(/\]$/, '')));
  }

  namespace<S extends TSchema>(name: string, schema: S): Static<S> {
    this.#askedNamespaces.add(name);
    const written = valueAt(this.#merged, name);
    const raw = written === undefined || isNull(written) ? {} : written;
    if (!isMapping(raw)) {
      const value = plainValue(raw);
      throw invalidConfigurationValue({ key: name, value, source: this.placeOf(name), allowed: 'a mapping of keys to values' });
    }
    const { value, problems } = readNamespace(schema, {
      name,
      raw,
      sources: { textFor: (key) => this.#variable(key), onUnknownKey: (found) => this.#hearOfKey(found) },
    });
    const messages = [
      ...problems.map((problem) => this.#describe(problem)),
      ...this.#undefinedKeys({ name, schema, value: raw }),
      ...this.#emptiedLists({ name, schema, value }),
    ];
    if (messages.length > 0) throw configurationInvalid(messages);
    this.#namespaces.set(name, value);
    // The cast is safe: the value was just validated against the schema of the type.
    return structuredClone(value) as Static<S>;
  }

  /** Warns about unused variables and namespaces that look like a typing mistake. Call it after everything was read. */
  warnOfUnused(): void {
    for (const found of this.#flatKeys.splice(0)) this.#warnOfKey(found);
    for (const name of Object.keys(this.#merged)) this.#warnOfNamespace(name);
    const variables = Object.keys(this.#environment).filter((name) => name.startsWith(ENVIRONMENT_PREFIX));
    for (const name of variables) this.#warnOfVariable(name);
  }

  #lookUp(key: string): WrittenValue | undefined {
    const given = valueAt(this.#merged, key);
    const filled = valueAt(Object.fromEntries(this.#namespaces), key);
    if (isMapping(given) && isMapping(filled)) return overlay(filled, given, { onEmptied: () => {} });
    // An empty namespace is null in YAML.
    return given === undefined || (isNull(given) && isMapping(filled)) ? filled : given;
  }

  #variable(key: string): string | undefined {
    const name = environmentName(key);
    this.#knownVariables.add(name);
    return this.#environment[name];
  }

  #withEnvironment(mapping: WrittenMapping, key: string): WrittenMapping {
    return Object.fromEntries(
      Object.entries(mapping).map(([name, value]) => {
        const inner = `${key}.${name}`;
        return [name, this.#variable(inner) ?? (isMapping(value) ? this.#withEnvironment(value, inner) : value)];
      }),
    );
  }

  #layerOf(path: readonly string[]): Layer | undefined {
    return this.#layers.findLast(({ values }) => hasPath(values, path));
  }

  /** Like `sourceOf`, for keys whose parts may contain dots. */
  #sourceOfPath(path: readonly string[]): string {
    const variable = environmentName(path.join('.'));
    return this.#environment[variable] === undefined ? (this.#layerOf(path)?.name ?? 'default') : `environment ${variable}`;
  }

  #placeAt(path: readonly string[]): string {
    const variables = path.map((_, index) => environmentName(path.slice(0, index + 1).join('.'))).toReversed();
    const variable = variables.find((name) => this.#environment[name] !== undefined);
    if (variable !== undefined) return `environment ${variable}`;
    const layer = this.#layerOf(path);
    const line = layer?.lineOf?.(path);
    return layer === undefined ? 'default' : `${layer.name}${line === undefined ? '' : `:${line}`}`;
  }

  #describe({ path, value, complaint, allowed, words, isShown }: Problem): string {
    const key = path.reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : `${text}.${part}`));
    if (value === undefined) return `${key} ${complaint}. Allowed: ${allowed}.`;
    const place = this.#placeAt(path);
    const quotes = typeof value === 'number' && allowed.startsWith('a string') ? ' Put it in quotes.' : '';
    const list =
      typeof value === 'string' && place.startsWith('environment ') && /^a (list|mapping)/.test(allowed)
        ? ' Separate entries by commas, write [] or {} for none, or unset the variable to keep the values of the files.'
        : '';
    return `${key}: ${describeReceived(value, { key, isPlain: isShown, words })} ${complaint} (${place}). Allowed: ${allowed}.${quotes}${list}`;
  }

  /** Finds lists that a later source has emptied, although an empty list means everyone. */
  #emptiedLists({ name, schema, value }: { name: string; schema: TSchema; value: WrittenMapping }): readonly string[] {
    return propertiesMarked(schema, ['emptyMeansAll']).flatMap(([property]) => {
      const list = value[property];
      const key = `${name}.${property}`;
      const isVariable = this.#environment[environmentName(key)] !== undefined;
      const below = this.#layers.findLast(({ values }) => hasEntries(valueAt(values, key)));
      if (!Array.isArray(list) || list.length > 0 || !(isVariable || below !== undefined)) return [];
      const had = below === undefined ? '' : `, over the list in ${below.name}`;
      return [
        `${key} is an empty list (${this.placeOf(key)})${had}, which would allow everyone. ` +
          'To keep the values of the other sources, remove it; to allow everyone, list 0.0.0.0/0 and ::/0.',
      ];
    });
  }

  /** Finds keys of access control that code sets to undefined: as an absent key, a missing environment variable would allow everyone. */
  #undefinedKeys({ name, schema, value }: { name: string; schema: TSchema; value: WrittenMapping }): readonly string[] {
    const words = new SchemaWords(SchemaDocument.of(schema));
    return propertiesMarked(schema, ['emptyMeansAll', 'refusesUndefined']).flatMap(([property, each]) => {
      const key = `${name}.${property}`;
      const isUndefined = Object.hasOwn(value, property) && value[property] === undefined;
      if (!isUndefined || this.#environment[environmentName(key)] !== undefined) return [];
      return [
        `${key}: undefined is not ${words.kind(each)} (${this.placeOf(key)}). Allowed: ${words.allowed(each)}. To use the default, leave the key out.`,
      ];
    });
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#warn(message);
  }

  // The namespace of a flat key is only known when every namespace has been read.
  #hearOfKey(found: UnknownKey): void {
    if (found.name.includes('.')) this.#flatKeys.push(found);
    else this.#warnOfKey(found);
  }

  #warnOfKey({ place, name, known }: UnknownKey): void {
    const guess = nearest(name, known);
    const outside = guess === undefined ? likelyMeant(name, { given: {}, namespaces: this.#namespaces }) : undefined;
    const hint = guess === undefined ? `known in ${place}: ${known.join(', ')}` : `did you mean ${place}.${guess}?`;
    const meant = outside === undefined ? hint : `did you mean ${outside}, at the top?`;
    this.#warnOnce(`${place}.${name} (${this.#sourceOfPath([...place.split('.'), name])}) is not a known key; ${meant}`);
  }

  #warnOfNamespace(name: string): void {
    if (this.#askedNamespaces.has(name)) return;
    const guess = likelyMeant(name, { given: this.#merged, namespaces: this.#namespaces });
    if (guess !== undefined) this.#warnOnce(`${name} (${this.#sourceOfPath([name])}) is an unknown namespace; did you mean ${guess}?`);
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

function mergedLayers(layers: readonly Layer[]): WrittenMapping {
  return layers.reduce<WrittenMapping>((merged, { name, values, lineOf }, index) => {
    return overlay(merged, values, {
      onEmptied: (path) => {
        const below = layers.slice(0, index).findLast((layer) => hasPath(layer.values, path))?.name ?? 'an earlier source';
        const line = lineOf?.(path);
        throw configurationEmptied({ key: path.join('.'), place: `${name}${line === undefined ? '' : `:${line}`}`, below });
      },
    });
  }, {});
}

/** The properties of a namespace that have one of these annotations. */
function propertiesMarked(schema: TSchema, annotations: readonly string[]): readonly (readonly [string, TSchema])[] {
  return shapeOf(SchemaDocument.of(schema), schema)
    .parts.flatMap((part) => Object.entries(propertiesOf(part)))
    .filter(([, each]) => annotations.some((annotation) => Reflect.get(each, annotation) === true));
}

function hasEntries(value: WrittenValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

function inexactWithin(value: WrittenValue, key: string): string | undefined {
  if (value instanceof WrittenScalar) return typeof value.value === 'number' && !isExact(value.value, value.text) ? key : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: (readonly [string, WrittenValue])[] = Array.isArray(value)
    ? (value as readonly WrittenValue[]).map((entry, index) => [`${key}[${index}]`, entry])
    : Object.entries(value).map(([name, entry]: [string, WrittenValue]) => [`${key}.${name}`, entry]);
  return entries.map(([inner, entry]) => inexactWithin(entry, inner)).find((found) => found !== undefined);
}

/** Whether there is a value at a path of keys and list indexes. */
function hasPath(values: WrittenMapping, path: readonly string[]): boolean {
  let value: unknown = values;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || value instanceof WrittenScalar || !Object.hasOwn(value, part)) return false;
    value = Reflect.get(value, part);
  }
  return true;
}
