/** Stores the metadata of decorators on methods. */
import 'reflect-metadata';

/** Metadata of one kind, on methods of prototypes, and inherited like the methods. */
export class MethodNotes<T> {
  readonly #note: symbol;
  readonly #noted: symbol;

  constructor(kind: string) {
    this.#note = Symbol(`tsukimi.${kind}`);
    this.#noted = Symbol(`tsukimi.methods-with-${kind}`);
  }

  write(prototype: object, method: string, note: T): void {
    Reflect.defineMetadata(this.#note, note, prototype, method);
    Reflect.defineMetadata(this.#noted, [...new Set([...this.methods(prototype), method])], prototype);
  }

  /** The metadata of a class's own method. */
  own(prototype: object, method: string): T | undefined {
    return Reflect.getOwnMetadata(this.#note, prototype, method);
  }

  /** The metadata from the nearest class that has any. */
  of(prototype: object, method: string): T | undefined {
    return Reflect.getMetadata(this.#note, prototype, method);
  }

  /** The methods with metadata, on a class or on one it extends. */
  methods(prototype: object): readonly string[] {
    return Reflect.getMetadata(this.#noted, prototype) ?? [];
  }
}
