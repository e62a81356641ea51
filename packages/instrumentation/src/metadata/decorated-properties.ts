/** The properties that have a decorator for methods, and the check that each holds a function. */
import 'reflect-metadata';
import { memberNotMeasurable } from './errors.js';

const PROPERTIES = Symbol('tsukimi.decorated-properties');

interface DecoratedProperty {
  /** `@Timed` */
  readonly decorator: string;
  /** `OrderService.create` */
  readonly member: string;
  readonly name: string;
}

/** Remembers a decorated property. Only an instance shows what it holds. */
export function rememberProperty(prototype: object, property: DecoratedProperty): void {
  Reflect.defineMetadata(PROPERTIES, [...propertiesOf(prototype), property], prototype);
}

/** @throws TSK_ERR_DECORATOR_PLACE if a decorated property of an instance holds something that can't be called. */
export function checkDecoratedProperties(instance: object, prototype: object): void {
  for (const { name, decorator, member } of propertiesOf(prototype)) {
    const value: unknown = Object.getOwnPropertyDescriptor(instance, name)?.value;
    // What is assigned later is not known yet.
    if (value === undefined || value === null || typeof value === 'function') continue;
    throw memberNotMeasurable({ decorator, member, why: 'a property that holds no function' });
  }
}

function propertiesOf(prototype: object): readonly DecoratedProperty[] {
  return Reflect.getMetadata(PROPERTIES, prototype) ?? [];
}
