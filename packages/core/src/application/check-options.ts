/** Checks the options of `createApplication`, `runApplication` and `@Application` at run time, for JavaScript callers and options built by programs. */
import type { Class } from '../components/definition.js';
import { nameOf } from '../errors/wording.js';
import { isLogger } from '../web/server.js';
import { applicationDeclarationOf } from './application-class.js';
import { optionInvalid, optionsInvalid, optionUnknown } from './errors.js';

interface Rule {
  holds(value: unknown): boolean;
  /** Description of the allowed values, for the message. */
  readonly allowed: string;
}

const EXTENSIONS: Rule = {
  holds: (value) => Array.isArray(value) && value.every((factory) => typeof factory === 'function'),
  allowed: 'a list of functions that each make an extension',
};

const COMMON: Readonly<Record<string, Rule>> = {
  configuration: {
    holds: (value) => typeof value === 'string' || value instanceof URL || isPlainObject(value),
    allowed: 'the path of a file, a file URL, or an object',
  },
  profile: { holds: (value) => typeof value === 'string', allowed: 'a text' },
  environment: { holds: isPlainObject, allowed: 'an object such as process.env' },
  extensions: EXTENSIONS,
  logger: {
    holds: (value) => typeof value === 'boolean' || isLogger(value as never) || isObject(value),
    allowed: "pino's options, a logger such as pino(), or false",
  },
  server: { holds: isPlainObject, allowed: "an object with Fastify's options: { fastify: { ... } }" },
};

const REPLACE: Rule = { holds: Array.isArray, allowed: 'a list of pairs: [[Mailer, fakeMailer]]' };

const RULES: Readonly<Record<Starter, Readonly<Record<string, Rule>>>> = {
  createApplication: { ...COMMON, replace: REPLACE },
  runApplication: COMMON,
};

const DECLARATION: Readonly<Record<string, Rule>> = {
  name: { holds: (value) => typeof value === 'string', allowed: 'a text' },
  components: { holds: Array.isArray, allowed: 'a list of classes' },
  scan: { holds: isFileUrl, allowed: "the URL of a folder: new URL('.', import.meta.url)" },
  extensions: EXTENSIONS,
};

/** The functions that start an application. */
export type Starter = 'createApplication' | 'runApplication';

/** @throws TSK_ERR_APPLICATION_OPTION with the option, the received value and the allowed values */
export function checkOptions(starter: Starter, options: unknown): void {
  if (!isPlainObject(options)) throw optionsInvalid(starter, options, "{ profile: 'test' }");
  checkEach(starter, options, RULES[starter]);
  const server = Object.entries((Reflect.get(options, 'server') ?? {}) as object);
  for (const [key, value] of server) {
    if (key !== 'fastify') throw optionUnknown({ starter, key: `server.${key}`, known: ['server.fastify'] });
    if (value !== undefined && !isPlainObject(value))
      throw optionInvalid({ starter, key: 'server.fastify', value, allowed: "an object with Fastify's constructor options" });
  }
}

/** @throws TSK_ERR_APPLICATION_UNDECORATED, and TSK_ERR_APPLICATION_OPTION for the options of `@Application` */
export function checkDeclaration(applicationClass: Class): void {
  const declaration: unknown = applicationDeclarationOf(applicationClass);
  const place = `@Application of ${nameOf(applicationClass)}`;
  if (!isPlainObject(declaration)) throw optionsInvalid(place, declaration, "{ name: 'shop' }");
  checkEach(place, declaration, DECLARATION);
}

function checkEach(starter: string, options: object, rules: Readonly<Record<string, Rule>>): void {
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) throw optionUnknown({ starter, key, known: Object.keys(rules) });
    if (!rule.holds(value)) throw optionInvalid({ starter, key, value, allowed: rule.allowed });
  }
}

// Of any realm, such as a test runner's.
function isFileUrl(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object URL]' && (value as URL).protocol === 'file:';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a plain object, of any realm, and not an instance of a class such as a promise. */
function isPlainObject(value: unknown): value is object {
  return isObject(value) && !(value instanceof URL) && !(value instanceof Promise) && !(value instanceof Map);
}
