/** Converts the texts of a path, a query string or headers to the types of a JSON Schema, before the validation. */
import { numberOf } from './decimal.js';
import { isObject, type Place, type Schema, SchemaPlaces } from './schema-places.js';

/** Returns the value to validate. Values inside objects and arrays are converted in place. */
export type Convert = (value: unknown) => unknown;

/** Creates the validator of a part of a schema. */
export type ValidatorOf = (place: Place) => (value: unknown) => boolean;

type Values = Record<string, unknown>;

/**
 * Creates the conversion for a schema. Text that does not fit exactly stays text, and is then rejected by the validation.
 *
 * Ajv's own coercion would convert `""` to 0 or null and `0x10` to 16, and passes the value that one branch of a union has converted to the next one.
 *
 * @param shared the schemas that `$ref` can name.
 * @param validatorOf called only for schemas with branches, to find the first branch that fits.
 */
export function textConversion(schema: unknown, shared: Readonly<Record<string, unknown>>, validatorOf: ValidatorOf): Convert {
  return new Conversions(new SchemaPlaces(schema, shared), validatorOf).of(schema, SchemaPlaces.ROOT);
}

class Conversions {
  readonly #places: SchemaPlaces;
  readonly #validatorOf: ValidatorOf;
  readonly #isRefusal: boolean;
  readonly #made = new Map<object, Convert>();
  readonly #opposite: Conversions;

  /** @param opposite the conversions for the other aim: to values that the schema refuses, for the inside of `not`. */
  constructor(places: SchemaPlaces, validatorOf: ValidatorOf, opposite?: Conversions) {
    this.#places = places;
    this.#validatorOf = validatorOf;
    this.#isRefusal = opposite !== undefined;
    this.#opposite = opposite ?? new Conversions(places, validatorOf, this);
  }

  of(schema: unknown, place: Place): Convert {
    if (!isObject(schema)) return unchanged;
    const known = this.#made.get(schema);
    if (known !== undefined) return known;
    // A schema that refers to itself needs its own conversion before it is complete.
    let convert: Convert = unchanged;
    this.#made.set(schema, (value) => convert(value));
    convert = inTurn(this.#steps(schema, this.#places.enter(schema, place)));
    this.#made.set(schema, convert);
    return convert;
  }

  #steps(schema: Schema, place: Place): Convert[] {
    const steps: Convert[] = [];
    const target = typeof schema['$ref'] === 'string' ? this.#places.resolve(schema['$ref'], place) : undefined;
    if (target !== undefined) steps.push(this.of(target.schema, target.place));
    const scalar = scalarConversion(schema);
    if (scalar !== undefined) steps.push(scalar);
    const list = this.#items(schema, place);
    if (list !== undefined) steps.push(list);
    if (schema['contains'] !== undefined) steps.push(this.#contains(schema['contains'], inside(place, 'contains')));
    const object = this.#properties(schema, place);
    if (object !== undefined) steps.push(object);
    for (const [index, part] of listOf(schema['allOf']).entries()) steps.push(this.of(part, inside(place, 'allOf', index)));
    for (const keyword of ['anyOf', 'oneOf']) {
      if (Array.isArray(schema[keyword])) steps.push(this.#branches(schema[keyword], inside(place, keyword)));
    }
    if (schema['if'] !== undefined) steps.push(this.#condition(schema, place));
    for (const keyword of ['dependencies', 'dependentSchemas']) steps.push(...this.#dependencies(schema[keyword], inside(place, keyword)));
    if (schema['not'] !== undefined) steps.push(this.#negation(schema['not'], inside(place, 'not')));
    return steps;
  }

  // The schemas that apply to others if a property exists. Lists of names convert nothing.
  #dependencies(dependencies: unknown, place: Place): Convert[] {
    return this.#entries(dependencies, place).map(
      ([name, convert]) =>
        (value) =>
          isObject(value) && Object.hasOwn(value, name) ? convert(value) : value,
    );
  }

  // For `not`, the text is converted only if the text would be rejected and the converted value would not. Inside another `not`, the aim is
  // the opposite: a value that fits.
  #negation(schema: unknown, place: Place): Convert {
    const fits = lazily(() => this.#validatorOf(place));
    const isRight = (value: unknown) => fits(value) === this.#isRefusal;
    const candidates = this.#isRefusal ? [this.#opposite.of(schema, place)] : [this.of(schema, place), this.#opposite.of(schema, place)];
    return (value) => {
      if (isRight(value)) return value;
      for (const convert of candidates) {
        const converted = convert(copyOf(value));
        if (isRight(converted)) return converted;
      }
      return value;
    };
  }

  #contains(schema: unknown, place: Place): Convert {
    const convert = this.of(schema, place);
    const fits = lazily(() => this.#validatorOf(place));
    return (value) => {
      if (!Array.isArray(value)) return value;
      for (const [index, item] of value.entries()) {
        const converted = convert(copyOf(item));
        if (fits(converted)) value[index] = converted;
      }
      return value;
    };
  }

  #items({ items, additionalItems }: Schema, place: Place): Convert | undefined {
    if (items === undefined) return undefined;
    const tuple = Array.isArray(items) ? items.map((item, index) => this.of(item, inside(place, 'items', index))) : [];
    const rest = Array.isArray(items) ? this.of(additionalItems, inside(place, 'additionalItems')) : this.of(items, inside(place, 'items'));
    return (value) => {
      if (Array.isArray(value)) for (const [index, item] of value.entries()) value[index] = (tuple[index] ?? rest)(item);
      return value;
    };
  }

  #properties({ properties, patternProperties, additionalProperties }: Schema, place: Place): Convert | undefined {
    const named = new Map(this.#entries(properties, inside(place, 'properties')));
    const patterns = this.#entries(patternProperties, inside(place, 'patternProperties')).map(
      ([pattern, convert]) => [new RegExp(pattern, 'u'), convert] as const,
    );
    const others = isObject(additionalProperties) ? this.of(additionalProperties, inside(place, 'additionalProperties')) : undefined;
    if (patterns.length === 0 && others === undefined) return named.size === 0 ? undefined : convertNamed([...named]);
    return (value) => {
      if (!isObject(value) || Array.isArray(value)) return value;
      for (const name of Object.keys(value)) {
        const matching = patterns.filter(([pattern]) => pattern.test(name)).map(([, convert]) => convert);
        const own = named.get(name);
        const all = own === undefined ? matching : [own, ...matching];
        (value as Values)[name] = inTurn(all.length === 0 && others !== undefined ? [others] : all)(value[name]);
      }
      return value;
    };
  }

  #entries(schemas: unknown, place: Place): [string, Convert][] {
    return isObject(schemas) ? Object.entries(schemas).map(([name, schema]) => [name, this.of(schema, inside(place, name))]) : [];
  }

  // A union accepts what one branch accepts, and refuses only what all of them refuse.
  #branches(branches: readonly unknown[], place: Place): Convert {
    if (!this.#isRefusal) return this.#firstThatFits(branches, place);
    return inTurn(branches.map((branch, index) => this.of(branch, inside(place, index))));
  }

  #firstThatFits(branches: readonly unknown[], place: Place): Convert {
    const candidates = branches.map((branch, index) => ({
      convert: this.of(branch, inside(place, index)),
      fits: lazily(() => this.#validatorOf(inside(place, index))),
    }));
    return (value) => {
      for (const { convert, fits } of candidates) {
        const converted = convert(copyOf(value));
        if (fits(converted)) return converted;
      }
      return value;
    };
  }

  #condition(schema: Schema, place: Place): Convert {
    const [when, then, otherwise] = ['if', 'then', 'else'].map((keyword) => this.of(schema[keyword], inside(place, keyword)));
    const fits = lazily(() => this.#validatorOf(inside(place, 'if')));
    return (value) => {
      const converted = when?.(copyOf(value));
      return fits(converted) ? then?.(converted) : otherwise?.(value);
    };
  }
}

// Converts to `type`, or to the type of the allowed values. Text can't express null.
function scalarConversion(schema: Schema): Convert | undefined {
  const types = new Set(listOf(schema['type']));
  const allowed = 'const' in schema ? [schema['const']] : (schema['enum'] as readonly unknown[] | undefined);
  if (types.size === 0 && allowed === undefined) return undefined;
  const convert = (text: string): unknown => {
    if (allowed?.includes(text) === true || types.has('string')) {
      return allowed === undefined || allowed.includes(text) ? text : (valuesOf(text).find((value) => allowed.includes(value)) ?? text);
    }
    const values = valuesOf(text);
    return values.find((value) => allowed?.includes(value)) ?? values.find((value) => isOfType(value, types)) ?? text;
  };
  const isScalar = !types.has('array') && !types.has('object');
  const wraps = types.has('array') && !types.has('string');
  return (value) => {
    if (Array.isArray(value)) return isScalar && value.length === 1 ? (typeof value[0] === 'string' ? convert(value[0]) : value[0]) : value;
    if (typeof value !== 'string') return value;
    const converted = convert(value);
    return wraps && converted === value ? [value] : converted;
  };
}

/** The values that a text can mean, besides the text itself. */
function valuesOf(text: string): (number | boolean)[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  const number = numberOf(text);
  return number === undefined ? [] : [number];
}

function isOfType(value: number | boolean, types: ReadonlySet<unknown>): boolean {
  if (typeof value === 'boolean') return types.has('boolean');
  return types.has('number') || (types.has('integer') && Number.isInteger(value));
}

function convertNamed(named: readonly (readonly [string, Convert])[]): Convert {
  return (value) => {
    if (!isObject(value)) return value;
    for (const [name, convert] of named) if (Object.hasOwn(value, name)) (value as Values)[name] = convert(value[name]);
    return value;
  };
}

function inTurn(steps: readonly Convert[]): Convert {
  const [first, ...others] = steps.filter((step) => step !== unchanged);
  if (first === undefined) return unchanged;
  if (others.length === 0) return first;
  return (value) => others.reduce((converted, step) => step(converted), first(value));
}

function unchanged(value: unknown): unknown {
  return value;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  const copy: Values = Object.create(Object.getPrototypeOf(value));
  for (const [name, item] of Object.entries(value)) copy[name] = copyOf(item);
  return copy;
}

function inside(place: Place, ...keys: readonly (string | number)[]): Place {
  const path = keys.map((key) => `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`);
  return { ...place, pointer: place.pointer + path.join('') };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function lazily(make: () => (value: unknown) => boolean): (value: unknown) => boolean {
  let made: ((value: unknown) => boolean) | undefined;
  return (value) => {
    made ??= make();
    return made(value);
  };
}
