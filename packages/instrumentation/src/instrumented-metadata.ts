/** What `@Instrumented` leaves on classes and methods. */
import 'reflect-metadata';

const ENABLED = Symbol('tsukimi.instrumented');
const HAS_ENABLED_METHOD = Symbol('tsukimi.instrumented-method');

export function writeOnClass(target: object, enabled: boolean): void {
  Reflect.defineMetadata(ENABLED, enabled, target);
}

export function writeOnMethod(prototype: object, method: string, enabled: boolean): void {
  Reflect.defineMetadata(ENABLED, enabled, prototype, method);
  if (enabled) Reflect.defineMetadata(HAS_ENABLED_METHOD, true, prototype);
}

/** Whether a class, or one it extends, was opted in or out; undefined where neither. */
export function isClassInstrumented(target: object | undefined): boolean | undefined {
  return target === undefined ? undefined : Reflect.getMetadata(ENABLED, target);
}

/** Whether a method was opted in or out, on the class or on one it extends; undefined where neither. */
export function isMethodInstrumented(prototype: object | undefined, method: string): boolean | undefined {
  return prototype === undefined ? undefined : Reflect.getMetadata(ENABLED, prototype, method);
}

/** Whether any method of a class, or of one it extends, was opted in. */
export function hasInstrumentedMethod(prototype: object | undefined): boolean {
  return prototype !== undefined && Reflect.getMetadata(HAS_ENABLED_METHOD, prototype) === true;
}
