/** Attaches values invisibly to other code's objects. They are freed with the object. */

/** The constructor returns its argument, so that the private fields of a subclass are added to it. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above.
    return object;
  }
}

/** The marks of one kind. They are ten times as fast as a `WeakMap` with short-lived keys. */
export interface HiddenMark<V> {
  of(object: object): V | undefined;
  /** Marks an object that has no mark yet. @returns false if it can't be marked */
  put(object: object, value: V): boolean;
}

/** Creates a kind of mark. */
export function hiddenMark<V>(): HiddenMark<V> {
  class Mark extends Given {
    readonly #value: V;

    constructor(object: object, value: V) {
      super(object);
      this.#value = value;
    }

    static of(object: object): V | undefined {
      return #value in object ? object.#value : undefined;
    }

    static put(object: object, value: V): boolean {
      // Future versions of the language may forbid it for objects that can't be extended.
      if (#value in object || !Object.isExtensible(object)) return false;
      new Mark(object, value);
      return true;
    }
  }
  return Mark;
}

/** Like `hiddenMark`, for objects that may be frozen. They must not be proxies, which would notice. */
export function hiddenMarkOfAny<V>(): HiddenMark<V> {
  const marks = hiddenMark<V>();
  const frozen = new WeakMap<object, V>();
  return {
    of: (object) => marks.of(object) ?? (Object.isExtensible(object) ? undefined : frozen.get(object)),
    put: (object, value) => {
      if (marks.put(object, value)) return true;
      if (marks.of(object) !== undefined || frozen.has(object)) return false;
      frozen.set(object, value);
      return true;
    },
  };
}
