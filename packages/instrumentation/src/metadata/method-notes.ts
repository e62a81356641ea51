/** What decorators leave on methods, and where it is found again. */
import 'reflect-metadata';

/** Notes of one kind: each on a method of a prototype, and inherited as the method is. */
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

  /** The note that a class has left on its method itself. */
  own(prototype: object, method: string): T | undefined {
    return Reflect.getOwnMetadata(this.#note, prototype, method);
  }

  /** The note of the nearest class that left one. */
  of(prototype: object, method: string): T | undefined {
    return Reflect.getMetadata(this.#note, prototype, method);
  }

  /** The methods that have one, on a class or on one it extends. */
  methods(prototype: object): readonly string[] {
    return Reflect.getMetadata(this.#noted, prototype) ?? [];
  }
}
