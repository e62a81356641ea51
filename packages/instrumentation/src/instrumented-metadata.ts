/** What `@Instrumented` leaves on classes and methods. */
import 'reflect-metadata';

const ENABLED = Symbol('tsukimi.instrumented');

export function writeOnClass(target: object, enabled: boolean): void {
  Reflect.defineMetadata(ENABLED, enabled, target);
}

export function writeOnMethod(prototype: object, method: string | symbol, enabled: boolean): void {
  Reflect.defineMetadata(ENABLED, enabled, prototype, method);
}

/** Whether a class, or one it extends, was opted in or out; undefined where neither. */
export function isClassInstrumented(target: object | undefined): boolean | undefined {
  return target === undefined ? undefined : Reflect.getMetadata(ENABLED, target);
}

/** Whether a method was opted in or out, on the class or on one it extends; undefined where neither. */
export function isMethodInstrumented(prototype: object | undefined, method: string): boolean | undefined {
  return prototype === undefined ? undefined : Reflect.getMetadata(ENABLED, prototype, method);
}

/** Whether any method of a class was opted in. */
export function hasInstrumentedMethod(prototype: object | undefined): boolean {
  for (let level: object | null = prototype ?? null; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) if (Reflect.getOwnMetadata(ENABLED, level, name) === true) return true;
  }
  return false;
}
