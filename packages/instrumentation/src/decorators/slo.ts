/** The decorator `@Slo`, which sets a service level objective for a class or a method. */
import { type Class, registerExtension } from '@tsukimi/core';
import { instrumentationExtension } from '../extension/extension.js';
import { memberNotMeasurable } from '../metadata/errors.js';
import { type SloDeclaration, writeSloOfClass, writeSloOfMethod } from '../metadata/slo.js';
import { decoratorNotCalled, sloTwice } from './errors.js';
import { decoratedClassName, isDecorated, measurableMember } from './measurable-member.js';
import { checkSloOptions, type SloOptions } from './slo-options.js';

export type { SloOptions } from './slo-options.js';

/** A decorator of a class, a method, or a property that holds a function. */
export type SloDecorator = ClassDecorator & PropertyDecorator & MethodDecorator;

const NAME = '@Slo';

/**
 * Counts the calls of a class's methods, or of one method, as good or bad, and exposes the objective.
 *
 * A call is good if it succeeds within `latencyMs`, to the nanosecond. If it fails because of the client, with an error whose status is
 * 400 to 499, only its duration counts. Calls of a method with its own objective do not count for the objective of its class.
 * @throws TSK_ERR_DECORATOR_ARGUMENT, TSK_ERR_DECORATOR_TWICE, TSK_ERR_DECORATOR_NOT_CALLED, TSK_ERR_DECORATOR_PLACE when the class is declared;
 * TSK_ERR_OBSERVER_SLO_CONFLICT at start
 * @see https://sre.google/workbook/implementing-slos/
 */
export function Slo(options: SloOptions): SloDecorator {
  if (isDecorated(options)) throw decoratorNotCalled(NAME, decoratedClassName(options));
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (key === undefined) declareOnClass(target as Class, options, descriptor);
    else declareOnMethod(target, options, measurableMember({ decorator: NAME, target, method: key, descriptor }));
  };
}

function declareOnClass(target: Class, options: SloOptions, place: unknown): void {
  const member = decoratedClassName(target);
  // A decorator of a parameter gets an index here, one of a class gets nothing.
  if (place !== undefined)
    throw memberNotMeasurable({ decorator: NAME, member: `${member}.constructor`, why: 'which has it on a parameter' });
  if (!writeSloOfClass(target.prototype as object, declarationOf(options, member))) throw sloTwice(member);
  registerExtension(target, instrumentationExtension);
}

function declareOnMethod(prototype: object, options: SloOptions, method: string): void {
  const member = `${decoratedClassName(prototype)}.${method}`;
  if (!writeSloOfMethod(prototype, method, declarationOf(options, member))) throw sloTwice(member);
  registerExtension(prototype.constructor as Class, instrumentationExtension);
}

function declarationOf(options: SloOptions, member: string): SloDeclaration {
  checkSloOptions(options, member);
  return { member, objective: options.objective, latencyMs: options.latencyMs };
}
