/** The metadata of `@Slo` on classes and methods. */
import 'reflect-metadata';
import { MethodNotes } from './method-notes.js';

/** An objective as it was declared. */
export interface SloDeclaration {
  /** `OrderController` or `OrderController.create`, as it was declared: for errors. */
  readonly member: string;
  /** The target share of good calls, in percent. */
  readonly objective: number;
  /** The maximum duration of a good call, in milliseconds; undefined if every successful call is good. */
  readonly latencyMs: number | undefined;
}

const ON_CLASS = Symbol('tsukimi.slo');
const onMethods = new MethodNotes<SloDeclaration>('slo');

/** @returns false if the class has one already */
export function writeSloOfClass(prototype: object, declaration: SloDeclaration): boolean {
  if (Reflect.hasOwnMetadata(ON_CLASS, prototype)) return false;
  Reflect.defineMetadata(ON_CLASS, declaration, prototype);
  return true;
}

/** @returns false if the class has given the method one already */
export function writeSloOfMethod(prototype: object, method: string, declaration: SloDeclaration): boolean {
  if (onMethods.own(prototype, method) !== undefined) return false;
  onMethods.write(prototype, method, declaration);
  return true;
}

/** The objective of a class, or of the nearest class it extends that has one. */
export function sloOfClass(prototype: object): SloDeclaration | undefined {
  return Reflect.getMetadata(ON_CLASS, prototype);
}

/** The objective of a method, from the nearest class that declares one. */
export function sloOfMethod(prototype: object, method: string): SloDeclaration | undefined {
  return onMethods.of(prototype, method);
}

/** The methods with their own objective, on a class or on one it extends. */
export function methodsWithSlo(prototype: object): readonly string[] {
  return onMethods.methods(prototype);
}

export function hasSlo(prototype: object | undefined): boolean {
  return prototype !== undefined && (sloOfClass(prototype) !== undefined || methodsWithSlo(prototype).length > 0);
}
