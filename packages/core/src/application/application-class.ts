/** `@Application`: marks the class that an application starts from. */
import 'reflect-metadata';
import { declaredWithOtherCopy } from '../components/copies-of-core.js';
import { declareComponent } from '../components/declared-components.js';
import type { Class, ConcreteClass } from '../components/definition.js';
import { decoratorNotCalled } from '../decorators/errors.js';
import type { Application as StartedApplication } from './application.js';
import { notAnApplication } from './errors.js';
import type { ExtensionFactory } from './extension.js';

/** As a type, `Application` is an application that has started; as a decorator, it marks its class. */
export type Application = StartedApplication;

/** What an application may be told of itself. */
export interface ApplicationDeclaration {
  /** Its name, where `app.name` is not configured; the class's name unless given. */
  readonly name?: string;
  /** Exactly these classes are its components; every decorated class that was imported unless given. */
  readonly components?: readonly Class[];
  /** A folder whose modules are imported first; tests, type declarations and files that have begun are left alone. */
  readonly scan?: URL;
  /** Extensions to plug in, after those that decorators bring along. */
  readonly extensions?: readonly ExtensionFactory[];
}

const DECLARATION = Symbol('tsukimi:application');

/** Makes a class the one an application starts from. It is a component like others: its constructor is injected. */
export function Application(declaration: ApplicationDeclaration = {}): (target: ConcreteClass) => void {
  if (typeof declaration === 'function') throw decoratorNotCalled('@Application', declaration);
  return (target) => {
    Reflect.defineMetadata(DECLARATION, declaration, target);
    declareComponent(target, { kind: 'application' });
  };
}

/**
 * What `@Application` said of a class.
 * @throws TSK_ERR_APPLICATION_UNDECORATED
 */
export function applicationDeclarationOf(type: Class): ApplicationDeclaration {
  const declaration: ApplicationDeclaration | undefined = Reflect.getOwnMetadata(DECLARATION, type);
  if (declaration === undefined) throw notAnApplication(type, declaredWithOtherCopy(type));
  return declaration;
}
