/** The parameters of a constructor or of a provider method: their types, and their decorators. */
import 'reflect-metadata';
import { rememberDecorated } from './decorated-members.js';
import type { Class, Token } from './definition.js';
import { constructorParameters, methodParameters, type SourceParameter } from './parameter-names.js';
import type { ValueExpression } from './value-expression.js';

/** The argument of a parameter's `@Inject` or `@Value`. */
export type ParameterSource = { readonly token: Token } | { readonly expression: ValueExpression };

/** One parameter, before its argument is resolved. */
export interface Parameter {
  readonly index: number;
  readonly name: string | undefined;
  /** The type the compiler emitted; undefined if none was emitted. */
  readonly declaredType: unknown;
  readonly source: ParameterSource | undefined;
  /** The base class whose constructor has the parameter; undefined if the class has its own constructor. */
  readonly inheritedFrom?: Class;
  /** Whether the parameter has a default value, so that it can be left out. */
  readonly hasDefault: boolean;
}

/** A parameter, and the class or provider method it belongs to. */
export interface ParameterSite {
  /** `OrderService`, or `Databases.pool()`. */
  readonly maker: string;
  readonly parameter: Parameter;
}

/** `OrderService: constructor parameter 2 (repository)`, for messages. */
export function describeSite({ maker, parameter }: ParameterSite): string {
  const place = maker.endsWith('()') ? 'parameter' : 'constructor parameter';
  return `${maker}: ${place} ${parameter.index + 1}${parameter.name === undefined ? '' : ` (${parameter.name})`}`;
}

const SOURCES = Symbol('tsukimi:parameter-sources');
type Sources = ReadonlyMap<number, ParameterSource>;

/** Stores the argument of a parameter decorator; `key` is undefined for a constructor. */
export function setParameterSource(
  target: object,
  key: string | symbol | undefined,
  entry: { index: number; source: ParameterSource },
): void {
  rememberDecorated(target);
  const sources = new Map(ownSources(target, key)).set(entry.index, entry.source);
  if (key === undefined) Reflect.defineMetadata(SOURCES, sources, target);
  else Reflect.defineMetadata(SOURCES, sources, target, key);
}

/**
 * Returns the parameters of the constructor. A class without its own constructor has those of its base class. So has a class whose
 * constructor only passes on its arguments, as class-replacing decorators create it.
 */
export function parametersOfConstructor(type: Class): readonly Parameter[] {
  for (let owner: unknown = type; isUserClass(owner); owner = Object.getPrototypeOf(owner)) {
    const types: readonly unknown[] | undefined = Reflect.getOwnMetadata('design:paramtypes', owner);
    const written = constructorParameters(owner);
    const sources = ownSources(owner, undefined);
    if (types === undefined && sources.size === 0 && passesOn(written)) continue;
    const parameters = combine({ types, written: written ?? [], sources, required: owner.length });
    return owner === type ? parameters : parameters.map((parameter) => ({ ...parameter, inheritedFrom: owner as Class }));
  }
  return [];
}

/** The parameters of a method, found on a class or on its base classes. */
export function parametersOfMethod(type: Class, method: string): readonly Parameter[] {
  for (let prototype: object | null = type.prototype; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
    if (typeof descriptor?.value !== 'function') continue;
    const types: readonly unknown[] | undefined = Reflect.getOwnMetadata('design:paramtypes', prototype, method);
    const written = methodParameters(descriptor.value);
    return combine({ types, written, sources: ownSources(prototype, method), required: descriptor.value.length });
  }
  return [];
}

function passesOn(written: readonly SourceParameter[] | undefined): boolean {
  return written === undefined || (written.length === 1 && written[0]?.isRest === true);
}

function ownSources(target: object, key: string | symbol | undefined): Sources {
  const sources: Sources | undefined =
    key === undefined ? Reflect.getOwnMetadata(SOURCES, target) : Reflect.getOwnMetadata(SOURCES, target, key);
  return sources ?? new Map();
}

function combine(known: {
  types: readonly unknown[] | undefined;
  written: readonly SourceParameter[];
  sources: Sources;
  required: number;
}): readonly Parameter[] {
  const { types, sources, required } = known;
  const written = agrees(known.written, required) ? known.written : [];
  const count = Math.max(types?.length ?? 0, written.length, required, ...[...sources.keys()].map((index) => index + 1));
  return Array.from({ length: count }, (_, index) => ({
    index,
    name: written[index]?.name,
    declaredType: types?.[index],
    source: sources.get(index),
    hasDefault: written[index]?.hasDefault ?? false,
  }));
}

// `length` counts the parameters before the first default. If it differs from the text, the text was misread and is not used.
function agrees(written: readonly SourceParameter[], required: number): boolean {
  const firstDefault = written.findIndex((parameter) => parameter.hasDefault || parameter.isRest);
  return (firstDefault === -1 ? written.length : firstDefault) === required;
}

function isUserClass(value: unknown): value is Class {
  return typeof value === 'function' && value !== Function.prototype;
}
