/** Reads and validates one namespace, and describes what is wrong with its values. */
import type { ErrorObject } from 'ajv';
import type { TSchema } from 'typebox';
import type { ConfigurationValue } from './configuration.js';
import { listed, SchemaWords } from './describe-schema.js';
import { NamespaceFiller, type NamespaceSources } from './namespace-filler.js';
import { SchemaDocument } from './schema-document.js';
import { declaredKeys, literalsOf, propertiesOf } from './schema-shape.js';
import { isMapping, type WrittenMapping } from './written-value.js';

/** A problem with a value. */
export interface Problem {
  /** The path of the value within the namespace. */
  readonly path: readonly string[];
  readonly value: ConfigurationValue | undefined;
  /** `is not an integer`, `is out of range`. */
  readonly complaint: string;
  readonly allowed: string;
  /** The words that the schema allows for the value. */
  readonly words: readonly unknown[];
  /** Whether the schema allows messages to show the value. */
  readonly isShown: boolean;
}

/** The value of a namespace, and its problems. */
export interface ReadNamespace {
  readonly value: Readonly<Record<string, ConfigurationValue>>;
  readonly problems: readonly Problem[];
}

/** Reads a namespace: environment on top, defaults filled in, validated. */
export function readNamespace(
  schema: TSchema,
  { name, raw, sources }: { readonly name: string; readonly raw: WrittenMapping; readonly sources: NamespaceSources },
): ReadNamespace {
  const document = SchemaDocument.of(schema);
  const value = new NamespaceFiller(document, sources).fillNamespace(raw, name);
  const isValid = document.validator()(value);
  const problems = isValid ? [] : new Explanation(document).of({ schema, value, path: [name] });
  return { value: value as Readonly<Record<string, ConfigurationValue>>, problems };
}

interface Subject {
  readonly schema: TSchema;
  readonly value: ConfigurationValue | undefined;
  readonly path: readonly string[];
}

interface Candidate extends Subject {
  readonly errors: readonly ErrorObject[];
  /** The number of fixed words that differ, which shows that another alternative was meant. */
  readonly wrongWords: number;
  readonly unknownKeys: number;
}

/** Collects the problems of a value, at most one for each place. */
class Explanation {
  readonly #words: SchemaWords;

  constructor(private readonly document: SchemaDocument) {
    this.#words = new SchemaWords(document);
  }

  of(subject: Subject): readonly Problem[] {
    const errors = this.#errorsOf(subject);
    const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
    // For a union, only report the problems of the alternative that was most likely meant.
    const own = errors.filter(({ instancePath }) => !unions.some((union) => `${instancePath}/`.startsWith(`${union.instancePath}/`)));
    const outer = unions.filter(
      ({ instancePath: at }) => !unions.some((other) => other.instancePath !== at && at.startsWith(`${other.instancePath}/`)),
    );
    const problems = [
      ...firstOfEach(own).map((error) => this.#problem(subject, error)),
      ...outer.flatMap((error) => this.#ofUnion(subject, error)),
    ];
    const paths = problems.map(({ path }) => path.join('\0'));
    // If an entry of a list is wrong, report the entry and not the list.
    return problems.filter(
      (_, index) => !paths.some((other, at) => other.startsWith(`${paths[index]}\0`) || (at < index && other === paths[index])),
    );
  }

  #errorsOf({ schema, value }: Subject): readonly ErrorObject[] {
    const validate = this.document.validator(schema);
    return validate(structuredClone(value)) ? [] : (validate.errors ?? []);
  }

  #ofUnion(subject: Subject, error: ErrorObject): readonly Problem[] {
    const parts = partsOf(error.instancePath);
    const place = { value: valueAtPath(subject.value, parts), path: [...subject.path, ...parts] };
    const alternatives = error.schema as readonly TSchema[];
    const candidates = alternatives
      .map((schema) => this.#candidate({ ...place, schema }))
      .filter(({ errors }) => errors.some(({ instancePath, keyword }) => instancePath !== '' || keyword === 'required'))
      .filter(({ errors }) => !errors.some(({ instancePath, keyword }) => instancePath === '' && keyword === 'type'));
    const [best] = candidates.toSorted((one, other) => one.wrongWords - other.wrongWords || one.unknownKeys - other.unknownKeys);
    if (best !== undefined) return this.#ofCandidates(best, candidates);
    const keywords = alternatives.flatMap((schema) => this.#errorsOf({ ...place, schema })).map(({ keyword }) => keyword);
    return [this.#problem(subject, { ...error, keyword: keywords.find((keyword) => keyword !== 'type') ?? 'type' })];
  }

  /** Measures how far a value is from an alternative of a union. */
  #candidate(subject: Subject): Candidate {
    const errors = this.#errorsOf(subject);
    const wrongWords = errors.filter(({ keyword }) => keyword === 'const' || keyword === 'enum').length;
    const known = declaredKeys(this.document, subject.schema);
    const keys = isMapping(subject.value) ? Object.keys(subject.value) : [];
    return { ...subject, errors, wrongWords, unknownKeys: keys.filter((key) => !known.includes(key)).length };
  }

  /** If it is unclear which alternative was meant, lists all of them, or the allowed words of the key that distinguishes them. */
  #ofCandidates(best: Candidate, candidates: readonly Candidate[]): readonly Problem[] {
    const near = candidates.filter(({ wrongWords }) => wrongWords === best.wrongWords);
    const meant = near.filter(({ unknownKeys }) => unknownKeys === best.unknownKeys);
    if (meant.length === 1 && best.wrongWords === 0) return this.of(best);
    const ofWords = near.map((each) => this.of(each).find(({ words }) => words.length > 0));
    const [first] = ofWords;
    if (first !== undefined && ofWords.every((each) => each?.path.join('\0') === first.path.join('\0'))) {
      const words = [...new Set(ofWords.flatMap((each) => each?.words ?? []))];
      return [{ ...first, words, allowed: listed(words) }];
    }
    if (meant.length === 1) return this.of(best);
    const allowed = [...new Set(meant.map(({ schema }) => this.#words.mapping(schema)))].join(', or ');
    return [{ path: best.path, value: best.value, complaint: 'fits none of the alternatives', allowed, words: [], isShown: false }];
  }

  #problem({ value, path }: Subject, error: ErrorObject): Problem {
    const { keyword, params } = error;
    const parent = error.parentSchema as TSchema;
    const isMissing = saysMissing(keyword);
    const parts = [...partsOf(error.instancePath), ...(isMissing ? [String(params['missingProperty'])] : [])];
    const schema: TSchema = isMissing ? (propertiesOf(parent)[parts.at(-1) ?? ''] ?? {}) : parent;
    return {
      path: [...path, ...parts],
      value: isMissing ? undefined : valueAtPath(value, parts),
      complaint: this.#complaint(keyword, schema),
      allowed: this.#words.allowed(schema),
      words: this.#words.alternatives(schema).flatMap(literalsOf),
      isShown: [this.document.root, schema].some((each) => Reflect.get(each, 'shown') === true),
    };
  }

  #complaint(keyword: string, schema: TSchema): string {
    if (saysMissing(keyword)) return 'is missing';
    if (/^(exclusive)?(minimum|maximum)$/i.test(keyword)) return 'is out of range';
    return keyword === 'type' ? `is not ${this.#words.kind(schema)}` : 'is not allowed';
  }
}

function saysMissing(keyword: string): boolean {
  return keyword === 'required' || keyword === 'dependentRequired' || keyword === 'dependencies';
}

function firstOfEach(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const byPath = new Map<string, ErrorObject>();
  for (const error of errors) {
    const path = saysMissing(error.keyword) ? `${error.instancePath}/${error.params['missingProperty']}` : error.instancePath;
    if (!byPath.has(path)) byPath.set(path, error);
  }
  return [...byPath.values()];
}

function partsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAtPath(value: ConfigurationValue | undefined, parts: readonly string[]): ConfigurationValue | undefined {
  return parts.reduce<ConfigurationValue | undefined>((current, part) => {
    return typeof current === 'object' && current !== null ? (Reflect.get(current, part) as ConfigurationValue | undefined) : undefined;
  }, value);
}
