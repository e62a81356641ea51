/** Values hung on objects that are not ours: nobody can see them, and they go with the object. */

/** Its constructor returns what it is given, so that a subclass's private fields land on that. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above.
    return object;
  }
}

/** The marks of one kind. Ten times as fast as a `WeakMap` whose keys die young. */
export interface HiddenMark<V> {
  of(object: object): V | undefined;
  /** Marks an object, once: false if it can't be marked. */
  put(object: object, value: V): boolean;
}

/** Makes a kind of mark. */
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
      // A language to come may refuse it for objects that can't be extended.
      if (#value in object || !Object.isExtensible(object)) return false;
      new Mark(object, value);
      return true;
    }
  }
  return Mark;
}

/** The same for objects that may be frozen, and are no proxies: those would notice. */
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
