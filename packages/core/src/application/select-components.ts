/** Finds the classes that are components of one application. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ComponentDeclaration, declarationOf, declaredComponents } from '../components/catalogue.js';
import type { Class } from '../components/definition.js';
import { isClassActive } from '../components/profiles.js';
import { scanFailed, scanImportFailed } from '../errors/application.js';
import { componentUndeclared } from '../errors/components.js';
import { type ApplicationDeclaration, applicationDeclarationOf } from './application-class.js';

const MODULE = /(?<!\.d)\.(js|mjs|ts|mts)$/;
const TEST = /\.(test|spec)\.[^.]+$/;

/**
 * The declarations of an application's components, the application class first.
 * @throws TSK_ERR_COMPONENT_UNDECLARED, TSK_ERR_SCAN_FOLDER, TSK_ERR_SCAN_IMPORT
 */
export async function selectComponents(applicationClass: Class, profile: string | undefined): Promise<readonly ComponentDeclaration[]> {
  const declaration = applicationDeclarationOf(applicationClass);
  if (declaration.scan !== undefined) await importAll(declaration.scan);
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
  if (declaration === undefined) throw componentUndeclared(component, applicationClass);
  return declaration;
}

async function importAll(folder: URL): Promise<void> {
  for (const path of await modulesIn(folder)) await importModule(path);
}

async function modulesIn(folder: URL): Promise<string[]> {
  const root = fileURLToPath(folder);
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && MODULE.test(entry.name) && !TEST.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.slice(root.length).split(/[\\/]/).includes('node_modules'))
      .sort();
  } catch (error) {
    throw scanFailed(root, error);
  }
}

async function importModule(path: string): Promise<void> {
  try {
    await import(pathToFileURL(path).href);
  } catch (error) {
    throw scanImportFailed(path, error);
  }
}
