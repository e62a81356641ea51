/** The package.json of a project, as far as the doctor reads it. */
import { type Mapping, mappingOf } from '../../mapping.js';

type Texts = Readonly<Record<string, string>>;

/** What package.json says; every part that is missing or of another kind is empty. */
export interface PackageJson {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly type: string | undefined;
  readonly nodeRange: string | undefined;
  readonly scripts: Texts;
  readonly dependencies: Texts;
  readonly devDependencies: Texts;
  readonly peerDependencies: Texts;
  readonly optionalDependencies: Texts;
}

/** @returns undefined if the text is not a JSON object. */
export function parsePackageJson(text: string): PackageJson | undefined {
  const root = mappingOf(parsed(text));
  if (root === undefined) return undefined;
  const texts = (key: string): Texts => textsOf(mappingOf(root[key]) ?? {});
  return {
    name: textOf(root['name']),
    version: textOf(root['version']),
    type: textOf(root['type']),
    nodeRange: texts('engines')['node'],
    scripts: texts('scripts'),
    dependencies: texts('dependencies'),
    devDependencies: texts('devDependencies'),
    peerDependencies: texts('peerDependencies'),
    optionalDependencies: texts('optionalDependencies'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(object: Mapping): Texts {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
