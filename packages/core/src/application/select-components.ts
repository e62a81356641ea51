/** Finds the classes that are components of one application. */

import { declaredWithOtherCopy } from '../components/copies-of-core.js';
import { type ComponentDeclaration, declarationOf, declaredComponents } from '../components/declared-components.js';
import type { Class } from '../components/definition.js';
import { componentUndeclared } from '../components/errors.js';
import { isClassActive } from '../components/profiles.js';
import { type ApplicationDeclaration, applicationDeclarationOf } from './application-class.js';
import { importAll } from './scan.js';

/** Options of the selection. */
export interface SelectionOptions {
  readonly profile: string | undefined;
  /** The files whose code started the application. */
  readonly startedIn: readonly string[];
}

/**
 * Returns the declarations of an application's components, the application class first.
 * @throws TSK_ERR_COMPONENT_UNDECLARED, TSK_ERR_APPLICATION_SCAN_FOLDER, TSK_ERR_APPLICATION_SCAN_IMPORT, TSK_ERR_APPLICATION_SCAN_STARTS, TSK_ERR_APPLICATION_SCAN_WAITS
 */
export async function selectComponents(applicationClass: Class, given: SelectionOptions): Promise<readonly ComponentDeclaration[]> {
  const { profile, startedIn } = given;
  const declaration = applicationDeclarationOf(applicationClass);
  if (declaration.scan !== undefined) await importAll(declaration.scan, { applicationClass, startedIn });
  const own = requireDeclared(applicationClass, applicationClass);
  const others = candidates(applicationClass, declaration).filter(
    ({ kind, target }) => kind !== 'application' && isClassActive(target, profile),
  );
  return [own, ...new Set(others)];
}

function candidates(applicationClass: Class, { components }: ApplicationDeclaration): readonly ComponentDeclaration[] {
  if (components === undefined) return declaredComponents();
  return components.map((component) => requireDeclared(component, applicationClass));
}

function requireDeclared(component: Class, applicationClass: Class): ComponentDeclaration {
  const declaration = declarationOf(component);
  if (declaration === undefined)
    throw componentUndeclared({ component, application: applicationClass, otherCopy: declaredWithOtherCopy(component) });
  return declaration;
}
