/** A JSON Schema with its references resolved, and a validator for each part. */
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { addLaterKeywords } from './later-keywords.js';

const ROOT = 'configuration';

/** A schema, as a document whose parts refer to each other. */
export class SchemaDocument {
  readonly #ajv = new Ajv({ allErrors: true, strict: false, strictNumbers: true, useDefaults: true, verbose: true });
  readonly #pointers = new Map<object, string>();
  readonly #byId = new Map<string, TSchema>();
  readonly #validators = new Map<object, ValidateFunction>();

  private constructor(readonly root: TSchema) {
    this.#index(root, '#');
    ajvFormats.default(this.#ajv);
    addLaterKeywords(this.#ajv);
    this.#ajv.addSchema(root, ROOT);
  }

  static readonly #documents = new WeakMap<object, SchemaDocument>();

  /** Returns the document of a schema. It is created once for each schema. */
  static of(schema: TSchema): SchemaDocument {
    const existing = SchemaDocument.#documents.get(schema);
    if (existing !== undefined) return existing;
    const document = new SchemaDocument(schema);
    SchemaDocument.#documents.set(schema, document);
    return document;
  }

  /** The target of a schema's `$ref`; undefined if there is no `$ref` or its target is not in this document. */
  target(schema: TSchema): TSchema | undefined {
    const reference: unknown = Reflect.get(schema, '$ref');
    if (typeof reference !== 'string') return undefined;
    if (!reference.startsWith('#')) return this.#byId.get(reference);
    return [...this.#pointers].find(([, pointer]) => pointer === encoded(reference))?.[0] as TSchema | undefined;
  }

  /** The validator of the schema, or of a part of it. It adds defaults to the value, so pass a copy. */
  validator(part: TSchema = this.root): ValidateFunction {
    const existing = this.#validators.get(part);
    if (existing !== undefined) return existing;
    const validate = this.#ajv.compile({ $ref: `${ROOT}${this.#pointers.get(part) ?? '#'}` });
    this.#validators.set(part, validate);
    return validate;
  }

  #index(schema: object, pointer: string): void {
    if (this.#pointers.has(schema)) return;
    this.#pointers.set(schema, pointer);
    const id: unknown = Reflect.get(schema, '$id');
    if (typeof id === 'string') this.#byId.set(id, schema);
    for (const [key, inner] of Object.entries(schema)) {
      if (typeof inner === 'object' && inner !== null) this.#index(inner, `${pointer}/${escaped(key)}`);
    }
  }
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** A reference's pointer, spelled as the index spells it. */
function encoded(reference: string): string {
  const [, ...parts] = reference.split('/');
  return ['#', ...parts.map((part) => encodeURIComponent(decodeURIComponent(part)))].join('/');
}
