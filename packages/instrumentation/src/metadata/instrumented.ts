/** The metadata of `@Instrumented` on classes and methods. */
import 'reflect-metadata';
import type { RequestLabels } from '../labels/request-labels.js';
import type { Unhandled } from './unhandled.js';

const ENABLED = Symbol('tsukimi.instrumented');
const UNHANDLED = Symbol('tsukimi.unhandled');
const HTTP = Symbol('tsukimi.instrumented-http');
const REQUEST_LABELS = Symbol('tsukimi.instrumented-request-labels');
const HAS_ENABLED_METHOD = Symbol('tsukimi.instrumented-method');

interface Choice {
  readonly enabled: boolean;
  readonly unhandled: Unhandled | undefined;
  /** Whether the requests to a controller's routes, or to those of one method, are recorded. */
  readonly http: boolean | undefined;
}

interface ClassChoice extends Choice {
  /** Labels of all requests: only on the application class. */
  readonly requestLabels: RequestLabels | undefined;
}

export function writeOnClass(target: object, { enabled, unhandled, http, requestLabels }: ClassChoice): void {
  Reflect.defineMetadata(ENABLED, enabled, target);
  if (unhandled !== undefined) Reflect.defineMetadata(UNHANDLED, unhandled, target);
  if (http !== undefined) Reflect.defineMetadata(HTTP, http, target);
  if (requestLabels !== undefined) Reflect.defineMetadata(REQUEST_LABELS, requestLabels, target);
}

export function writeOnMethod(prototype: object, method: string, { enabled, unhandled, http }: Choice): void {
  Reflect.defineMetadata(ENABLED, enabled, prototype, method);
  if (unhandled !== undefined) Reflect.defineMetadata(UNHANDLED, unhandled, prototype, method);
  if (http !== undefined) Reflect.defineMetadata(HTTP, http, prototype, method);
  if (enabled) Reflect.defineMetadata(HAS_ENABLED_METHOD, true, prototype);
}

/** The `unhandled` option of a class, or of one it extends. */
export function unhandledOfClass(target: object | undefined): Unhandled | undefined {
  return target === undefined ? undefined : Reflect.getMetadata(UNHANDLED, target);
}

/** The `unhandled` option of a method, on the class or on one it extends. */
export function unhandledOfMethod(prototype: object | undefined, method: string): Unhandled | undefined {
  return prototype === undefined ? undefined : Reflect.getMetadata(UNHANDLED, prototype, method);
}

/** The `http` option of a method, or else of its class; undefined if neither has one. */
export function isHttpRecorded(type: { readonly prototype: object }, method: string): boolean | undefined {
  return Reflect.getMetadata(HTTP, type.prototype, method) ?? isClassHttpRecorded(type);
}

/** The `http` option of a class, or of one it extends. */
export function isClassHttpRecorded(type: object): boolean | undefined {
  return Reflect.getMetadata(HTTP, type);
}

/** The `requestLabels` option of a class, or of one it extends. */
export function requestLabelsOf(type: object): RequestLabels | undefined {
  return Reflect.getMetadata(REQUEST_LABELS, type);
}

/** Whether a class, or one it extends, is opted in or out; undefined if neither. */
export function isClassInstrumented(target: object | undefined): boolean | undefined {
  return target === undefined ? undefined : Reflect.getMetadata(ENABLED, target);
}

/** Whether a method is opted in or out, on the class or on one it extends; undefined if neither. */
export function isMethodInstrumented(prototype: object | undefined, method: string): boolean | undefined {
  return prototype === undefined ? undefined : Reflect.getMetadata(ENABLED, prototype, method);
}

/** Whether any method of a class, or of one it extends, was opted in. */
export function hasInstrumentedMethod(prototype: object | undefined): boolean {
  return prototype !== undefined && Reflect.getMetadata(HAS_ENABLED_METHOD, prototype) === true;
}
