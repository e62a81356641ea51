/** Checks the name of a project, which must be a valid npm package name. */
import { builtinModules } from 'node:module';
import { templateText } from '../templates/read-template.js';

const LONGEST = 214;

/** A rule of npm, and the message if it is broken, which follows "the name". */
interface NameRule {
  readonly broken: (name: string) => boolean;
  readonly message: string;
}

// In this order: the first broken rule is reported.
const RULES: readonly NameRule[] = [
  { broken: (name) => name.trim() === '', message: 'is empty' },
  { broken: (name) => /^\.{1,2}$|^[./~]*\//.test(name), message: 'is a path: use a name, and pass the path with --directory' },
  { broken: (name) => name.length > LONGEST, message: `is longer than ${LONGEST} characters` },
  { broken: (name) => /\s/.test(name), message: 'contains a space' },
  { broken: (name) => name !== name.toLowerCase(), message: 'has capital letters' },
  { broken: (name) => /^[._-]/.test(name), message: 'begins with a dot, an underscore or a dash' },
  {
    broken: (name) => !/^(?:@[a-z\d][\w.~-]*\/)?[a-z\d][\w.~-]*$/.test(name),
    message: 'contains characters other than letters, digits and - . _ ~',
  },
  { broken: (name) => ['node_modules', 'favicon.ico'].includes(name), message: 'is reserved by npm' },
  { broken: (name) => builtinModules.includes(name), message: 'is a module of Node itself' },
  { broken: (name) => dependencies().has(name), message: 'is the name of a package that the project needs' },
];

/** Why a name can't be a project's, in words that follow "the name"; undefined if it can. */
export function problemOfName(name: string): string | undefined {
  return RULES.find(({ broken }) => broken(name))?.message;
}

/** The name without a scope: `shop` of `@moon/shop`. */
export function unscopedName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** The packages that new projects depend on. */
function dependencies(): ReadonlySet<string> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(templateText('project/package.json')) as {
    readonly [Kind in 'dependencies' | 'devDependencies']?: Readonly<Record<string, string>>;
  };
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
}
