/** `@Application`: marks the class that an application starts from. */
import 'reflect-metadata';
import { declaredWithOtherCopy } from '../components/copies-of-core.js';
import { declareComponent } from '../components/declared-components.js';
import type { Class, ConcreteClass } from '../components/definition.js';
import { decoratorNotCalled } from '../decorators/errors.js';
import type { Application as StartedApplication } from './application.js';
import { notAnApplication } from './errors.js';
import type { ExtensionFactory } from './extension.js';

/** The type of a started application. As a decorator, `Application` marks the class that an application starts from. */
export type Application = StartedApplication;

/** Options of `@Application`. */
export interface ApplicationDeclaration {
  /**
   * The application's name. `app.name` in the configuration overrides it.
   * @default the name of the class
   */
  readonly name?: string;
  /**
   * The components of the application: exactly these classes.
   * @default every decorated class that was imported
   */
  readonly components?: readonly Class[];
  /** A folder whose modules are imported first, except tests, type declarations and files that are running already. */
  readonly scan?: URL;
  /** Extensions to add after those that decorators register. */
  readonly extensions?: readonly ExtensionFactory[];
}

const DECLARATION = Symbol('tsukimi:application');

/** Marks the class that an application starts from. The class is a component too: its constructor parameters are injected. */
export function Application(declaration: ApplicationDeclaration = {}): (target: ConcreteClass) => void {
  if (typeof declaration === 'function') throw decoratorNotCalled('@Application', declaration);
  return (target) => {
    Reflect.defineMetadata(DECLARATION, declaration, target);
    declareComponent(target, { kind: 'application' });
  };
}

/**
 * Returns the options that `@Application` was called with.
 * @throws TSK_ERR_APPLICATION_UNDECORATED
 */
export function applicationDeclarationOf(type: Class): ApplicationDeclaration {
  const declaration: ApplicationDeclaration | undefined = Reflect.getOwnMetadata(DECLARATION, type);
  if (declaration === undefined) throw notAnApplication(type, declaredWithOtherCopy(type));
  return declaration;
}
