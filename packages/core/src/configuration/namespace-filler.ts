/** Fills a namespace by its schema: applies the environment, converts text to numbers and lists, and adds defaults. */
import type { TSchema } from 'typebox';
import type { ConfigurationValue } from './configuration.js';
import { fromText } from './environment-text.js';
import type { SchemaDocument } from './schema-document.js';
import {
  declaredKeys,
  isOpen,
  literalsOf,
  propertiesOf,
  type Shape,
  schemasForEntry,
  schemasForKey,
  shapeOf,
  typesOf,
} from './schema-shape.js';
import { isEmpty, isMapping, plainValue, type WrittenMapping, WrittenScalar, type WrittenValue } from './written-value.js';

/** The environment, and a callback for unknown keys. */
export interface NamespaceSources {
  /** The text of the key's environment variable; undefined if it is not set. */
  textFor(key: string): string | undefined;
  /** The schema does not know a key. */
  onUnknownKey(found: UnknownKey): void;
}

/** An unknown key. */
export interface UnknownKey {
  /** The key of the mapping that contains it: `metrics`. */
  readonly place: string;
  /** The name of the key, which may contain dots. */
  readonly name: string;
  readonly known: readonly string[];
}

/** The text of a variable, not converted yet. */
class EnvironmentText {
  constructor(readonly text: string) {}
}

type Given = WrittenValue | EnvironmentText | readonly Given[] | { readonly [key: string]: Given };

interface Place {
  /** Undefined inside lists, because environment variables can't set list entries. */
  readonly key: string | undefined;
  readonly isRequired: boolean;
}

/** Fills values by one schema. */
export class NamespaceFiller {
  readonly #document: SchemaDocument;
  readonly #sources: NamespaceSources;
  /** Schemas whose defaults are being created, to stop at schemas that contain themselves. */
  readonly #making: Set<TSchema>;
  #textsFound = 0;
  #unknownKeys = 0;

  constructor(document: SchemaDocument, sources: NamespaceSources, making: ReadonlySet<TSchema> = new Set()) {
    this.#document = document;
    this.#sources = sources;
    this.#making = new Set(making);
  }

  /** The value of a whole namespace. */
  fillNamespace(raw: WrittenMapping, key: string): ConfigurationValue {
    return this.#present([this.#document.root], raw, { key, isRequired: true });
  }

  #fill(schemas: readonly TSchema[], written: Given | undefined, place: Place): ConfigurationValue | undefined {
    const text = place.key === undefined ? undefined : this.#sources.textFor(place.key);
    if (text !== undefined) this.#textsFound += 1;
    const given = text === undefined ? written : new EnvironmentText(text);
    // An empty mapping is null in YAML.
    if (given === undefined || (isEmpty(given) && this.#isMappingOnly(schemas))) return this.#absent(schemas, place);
    return this.#present(schemas, given, place);
  }

  #present(schemas: readonly TSchema[], given: Given, place: Place): ConfigurationValue {
    const parts = this.#partsFor(schemas, given, place);
    const types = parts.flatMap(typesOf);
    const value = given instanceof EnvironmentText ? this.#fromEnvironment(given, types) : given;
    if (value instanceof WrittenScalar) return fitted(value, types);
    if (Array.isArray(value)) {
      const entries: readonly Given[] = value;
      return entries.map((entry, index) => this.#present(schemasForEntry(parts, index), entry, { key: undefined, isRequired: true }));
    }
    return isMapping(value) ? this.#mapping({ schemas, parts, value }, place) : plainValue(value as WrittenValue);
  }

  #mapping(
    { schemas, parts, value }: { schemas: readonly TSchema[]; parts: readonly TSchema[]; value: { readonly [key: string]: Given } },
    { key }: Place,
  ): ConfigurationValue {
    const required = new Set(parts.flatMap((part) => (Reflect.get(part, 'required') ?? []) as readonly string[]));
    const filled = new Map<string, ConfigurationValue>();
    for (const name of new Set([...Object.keys(value), ...parts.flatMap((part) => Object.keys(propertiesOf(part)))])) {
      const own = Object.hasOwn(value, name) ? value[name] : undefined;
      const found = schemasForKey(parts, name);
      const inner = key === undefined ? undefined : `${key}.${name}`;
      if (found.length === 0 && own !== undefined && !isOpen(parts) && this.#isUnknown(schemas, { name, place: key })) continue;
      const entry = this.#fill(found, own, { key: inner, isRequired: required.has(name) });
      if (entry !== undefined) filled.set(name, entry);
    }
    return Object.fromEntries(filled);
  }

  #isUnknown(schemas: readonly TSchema[], { name, place }: { name: string; place: string | undefined }): boolean {
    const known = schemas.flatMap((schema) => declaredKeys(this.#document, schema));
    if (known.includes(name)) return false;
    this.#unknownKeys += 1;
    if (place !== undefined) this.#sources.onUnknownKey({ place, name, known });
    return true;
  }

  #absent(schemas: readonly TSchema[], place: Place): ConfigurationValue | undefined {
    const { parts, unions } = this.#shape(schemas);
    const withDefault = parts.find((part) => Reflect.has(part, 'default'));
    if (withDefault !== undefined) return this.#present(schemas, structuredClone(Reflect.get(withDefault, 'default')) as Given, place);
    const mayBeMapping = [...parts, ...unions.flat().flatMap((each) => this.#shape([each]).parts)].some((part) =>
      typesOf(part).includes('object'),
    );
    if (!mayBeMapping || parts.some((part) => this.#making.has(part))) return undefined;
    for (const part of parts) this.#making.add(part);
    const before = this.#textsFound;
    const made = this.#present(schemas, {}, place);
    for (const part of parts) this.#making.delete(part);
    const isNeeded = this.#textsFound > before || (place.isRequired && isMapping(made) && Object.keys(made).length > 0);
    return isNeeded ? made : undefined;
  }

  /** The schemas that apply to a value. Of each union, this is the alternative that the value fits after it is filled. */
  #partsFor(schemas: readonly TSchema[], given: Given, place: Place): readonly TSchema[] {
    const { parts, unions } = this.#shape(schemas);
    const chosen = unions.flatMap((union) => this.#alternativeFor(union, given, place) ?? []);
    return chosen.length === 0 ? parts : [...parts, ...this.#partsFor(chosen, given, place)];
  }

  #alternativeFor(union: readonly TSchema[], given: Given, place: Place): TSchema | undefined {
    return (
      this.#firstFit(
        union.filter((each) => !this.#isLastResort(each, given)),
        given,
        place,
      ) ??
      this.#firstFit(
        union.filter((each) => this.#isLastResort(each, given)),
        given,
        place,
      )
    );
  }

  #firstFit(alternatives: readonly TSchema[], given: Given, place: Place): TSchema | undefined {
    let best: { alternative: TSchema; unknownKeys: number } | undefined;
    for (const alternative of alternatives) {
      const trial = new NamespaceFiller(
        this.#document,
        { textFor: (key) => this.#sources.textFor(key), onUnknownKey: () => {} },
        this.#making,
      );
      const candidate = trial.#present([alternative], given, place);
      this.#textsFound += trial.#textsFound;
      if (!this.#document.validator(alternative)(structuredClone(candidate))) continue;
      if (best === undefined || trial.#unknownKeys < best.unknownKeys) best = { alternative, unknownKeys: trial.#unknownKeys };
    }
    return best?.alternative;
  }

  /** Any text is a string, so that alternative is only used if no other one fits. */
  #isLastResort(alternative: TSchema, given: Given): boolean {
    const types = this.#shape([alternative]).parts.flatMap(typesOf);
    if (given instanceof WrittenScalar) return types.length > 0 && !accepts(types, given.value);
    const isText = types.includes('string') && this.#shape([alternative]).parts.every((part) => literalsOf(part).length === 0);
    return given instanceof EnvironmentText && isText;
  }

  #fromEnvironment({ text }: EnvironmentText, types: readonly string[]): Given {
    const value = fromText(text, types);
    if (Array.isArray(value)) return (value as readonly string[]).map((entry) => new EnvironmentText(entry));
    if (!isMapping(value)) return value as WrittenValue;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, new EnvironmentText(String(inner))]));
  }

  #isMappingOnly(schemas: readonly TSchema[]): boolean {
    const { parts, unions } = this.#shape(schemas);
    const types = [...parts, ...unions.flat().flatMap((each) => this.#shape([each]).parts)].flatMap(typesOf);
    return types.length > 0 && types.every((type) => type === 'object');
  }

  #shape(schemas: readonly TSchema[]): Shape {
    const shapes = schemas.map((schema) => shapeOf(this.#document, schema));
    return { parts: shapes.flatMap(({ parts }) => parts), unions: shapes.flatMap(({ unions }) => unions) };
  }
}

/** Converts a scalar to the types of the schema. If only text is allowed, this is the text as written, with all digits. */
function fitted({ value, text }: WrittenScalar, types: readonly string[]): ConfigurationValue {
  if (types.length > 0 && !accepts(types, value) && types.includes('string') && value !== null) return text;
  // An integer that a number can't represent exactly stays text, and is then rejected by the validation.
  const isExact = typeof value !== 'number' || !/^[-+]?\d+$/.test(text) || Number.isSafeInteger(value);
  return isExact ? value : text;
}

function accepts(types: readonly string[], value: unknown): boolean {
  if (value === null) return types.includes('null');
  return types.includes(typeof value) || (typeof value === 'number' && types.includes('integer'));
}
