/** Finds the target of a `$ref` in a JSON Schema, and its place, to get its validator from Ajv. */

export type Schema = Readonly<Record<string, unknown>>;

/** The place of a part of a schema. */
export interface Place {
  /** The key of the document: `''` for the schema itself, a key of the shared schemas otherwise. */
  readonly document: string;
  /** The path to the part, as a JSON pointer in a URI: `/properties/a`. */
  readonly pointer: string;
  /** The pointer of the nearest enclosing part with an `$id`, which `#` refers to. */
  readonly base: string;
}

interface Found {
  readonly schema: unknown;
  readonly place: Place;
}

/** The parts of a schema and of the schemas that it can refer to. */
export class SchemaPlaces {
  static readonly ROOT: Place = { document: '', pointer: '', base: '' };
  readonly #documents: ReadonlyMap<string, unknown>;
  readonly #ids = new Map<string, Found>();

  constructor(schema: unknown, shared: Readonly<Record<string, unknown>>) {
    this.#documents = new Map([...Object.entries(shared), ['', schema]]);
    for (const [document, root] of this.#documents) this.#index(root, { document, pointer: '', base: '' });
  }

  /** The place of a schema, as seen from its own parts. */
  enter(schema: Schema, place: Place): Place {
    return typeof schema['$id'] === 'string' && !schema['$id'].startsWith('#') ? { ...place, base: place.pointer } : place;
  }

  /** The target of a reference; undefined if there is none, which Ajv reports. */
  resolve(reference: string, from: Place): Found | undefined {
    const [id = '', fragment = ''] = reference.split('#');
    const resource = id === '' ? this.#at(from.document, from.base) : (this.#ids.get(id) ?? this.#at(id, ''));
    if (fragment === '') return resource;
    if (!fragment.startsWith('/')) return this.#ids.get(`#${fragment}`);
    return resource && this.#at(resource.place.document, resource.place.pointer + fragment);
  }

  #at(document: string, pointer: string): Found | undefined {
    let schema = this.#documents.get(document);
    let place: Place = { document, pointer: '', base: '' };
    for (const segment of pointer.split('/').slice(1)) {
      if (!isObject(schema)) return undefined;
      place = { ...this.enter(schema, place), pointer: `${place.pointer}/${segment}` };
      schema = schema[decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    return schema === undefined ? undefined : { schema, place };
  }

  #index(schema: unknown, place: Place): void {
    if (!isObject(schema)) return;
    const within = Array.isArray(schema) ? place : this.enter(schema, place);
    const { $id: id, $anchor: anchor } = schema;
    if (typeof id === 'string') this.#ids.set(id.replace(/#$/, ''), { schema, place });
    if (typeof anchor === 'string') this.#ids.set(`#${anchor}`, { schema, place });
    for (const [key, part] of Object.entries(schema)) {
      if (key === 'enum' || key === 'const' || key === 'default' || key === 'examples') continue;
      const segment = encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
      this.#index(part, { ...within, pointer: `${place.pointer}/${segment}` });
    }
  }
}

/** Whether a value can have properties. */
export function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}
