/** The errors of starting, extending and stopping an application. */
import type { Class, Scope, Token } from '../components/definition.js';
import { ApplicationError } from '../errors/application-error.js';
import { nearest } from '../errors/nearest.js';
import { describeReceived } from '../errors/received.js';
import { thrownMessage, thrownType } from '../errors/thrown.js';
import { messageOf, nameOf } from '../errors/wording.js';

/** The class to start an application from has no `@Application`. */
export function notAnApplication(type: Class, otherCopy: string | undefined): ApplicationError {
  const fix = otherCopy ?? 'Write it above the class.';
  return new ApplicationError('TSK_ERR_APPLICATION_UNDECORATED', `${nameOf(type)} has no @Application(). ${fix}`);
}

/** The folder to scan cannot be read. */
export function scanFailed(folder: string, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_SCAN_FOLDER',
    `scan can't read the folder ${folder}. Pass a folder that exists: scan: new URL('.', import.meta.url).`,
    { cause },
  );
}

/** A module in the scanned folder cannot be imported. */
export function scanImportFailed(path: string, cause: unknown): ApplicationError {
  const circular = thrownType(cause) === 'ReferenceError' && /before initialization/.test(thrownMessage(cause));
  const fix = circular
    ? 'Two files import each other: move what they share into a third file.'
    : 'Fix the module, or move it out of the scanned folder.';
  return new ApplicationError('TSK_ERR_APPLICATION_SCAN_IMPORT', `${path} could not be imported: ${messageOf(cause)}. ${fix}`, { cause });
}

/** A scanned module starts an application. */
export function scanStartsApplication(found: { path: string; scanned: Class; started: Class; runs: boolean }): ApplicationError {
  const { path, scanned, started, runs } = found;
  const call = `${runs ? 'runApplication' : 'createApplication'}(${nameOf(started)})`;
  return new ApplicationError(
    'TSK_ERR_APPLICATION_SCAN_STARTS',
    `${path} is in the folder that ${nameOf(scanned)} scans, and calls ${call} when it is imported. Move it out of that folder, or scan a folder below it, such as new URL('./components/', import.meta.url).`,
  );
}

/** A scanned module waits for the application that is scanning it. */
export function scanWaits(found: { path: string; applicationClass: Class; startedIn: readonly string[] }): ApplicationError {
  const { path, applicationClass, startedIn } = found;
  const name = nameOf(applicationClass);
  const [file] = startedIn;
  const starter = file === undefined ? 'a module that itself waits' : `${file}, which itself waits`;
  const awaiting = file === undefined ? 'the module that starts it' : file;
  return new ApplicationError(
    'TSK_ERR_APPLICATION_SCAN_WAITS',
    `${path} is in the folder that ${name} scans, and can't be imported before ${name} has started: it imports ${starter} for the start with a top-level await. Move what the two share into a separate file, or start the application in ${awaiting} without a top-level await.`,
  );
}

/** An extension's step threw. */
export function extensionFailed(extension: string, step: string, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_EXTENSION_FAILED',
    `The extension ${extension} failed in its step ${step}: ${messageOf(cause)}. Fix the cause, or remove the extension.`,
    { cause },
  );
}

/** The container was used too early, or changed too late. */
export function containerNotOpen(action: string, when: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_CONTAINER_CLOSED',
    `${action} was called ${when}. Provide values in the step configure, and resolve them in the step server or later.`,
  );
}

/** A hook is on a component that the application does not keep. */
export function hookNeedsSingleton(maker: string, method: string, scope: Scope): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_HOOK_SCOPE',
    `${maker} has the scope ${scope}, so its hook ${method} would never run: the application starts and stops singletons. Make it a singleton, or remove the hook.`,
  );
}

/** The application was used after it was closed. */
export function applicationClosed(action: string): ApplicationError {
  return new ApplicationError('TSK_ERR_APPLICATION_CLOSED', `${action} was called after close(). Create a new application.`);
}

/** The argument for the options is not an object. */
export function optionsInvalid(starter: string, value: unknown, example: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_OPTION',
    `${starter} was given ${describeReceived(value)} as its options. Allowed: an object, such as ${example}.`,
  );
}

/** An option has an invalid value. */
export function optionInvalid(found: { starter: string; key: string; value: unknown; allowed: string }): ApplicationError {
  const { starter, key, value, allowed } = found;
  return new ApplicationError(
    'TSK_ERR_APPLICATION_OPTION',
    `${starter}: the option ${key} is ${describeReceived(value, { key })}. Allowed: ${allowed}.`,
  );
}

/** There is no such option. */
export function optionUnknown({ starter, key, known }: { starter: string; key: string; known: readonly string[] }): ApplicationError {
  const guess = nearest(key, known);
  const elsewhere = CONFIGURED.test(key) ? ' Set it in the configuration: application.yml, or the option configuration.' : '';
  const advice = guess === undefined ? `Known: ${known.join(', ')}.${elsewhere}` : `Did you mean ${guess}?`;
  return new ApplicationError('TSK_ERR_APPLICATION_OPTION', `${starter} has no option ${key}. ${advice}`);
}

// Keys of the configuration that are often passed as options by mistake.
const CONFIGURED = /^(server\..+|port|host|app|logging|scheduler|metrics|instrumentation)$/;

/** A replacement is for a token that the application does not have. */
export function replaceUnknown(token: Token, known: readonly Token[]): ApplicationError {
  const guess = nearest(nameOf(token), known.map(nameOf));
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  return new ApplicationError(
    'TSK_ERR_APPLICATION_REPLACE_UNKNOWN',
    `replace has ${nameOf(token)}, which is neither a component of this application nor provided by an extension.${hint} Use a component that is active in this profile, or remove the entry.`,
  );
}

/** A replacement is, or depends on, the component that it replaces. */
export function replacedByItself(token: Token, replacement: Class): ApplicationError {
  const isSame = token === replacement;
  const problem = isSame ? 'as its own replacement' : `replaced by ${nameOf(replacement)}, which needs ${nameOf(token)} itself`;
  const advice = isSame ? 'Name what stands in for it' : `What is replaced is not built: let ${nameOf(replacement)} extend it`;
  return new ApplicationError(
    'TSK_ERR_APPLICATION_REPLACE_ITSELF',
    `replace has ${nameOf(token)} ${problem}. ${advice}, or take the entry out.`,
  );
}

/** A replacement is a wrapped class that the container can't construct and that can't be called. */
export function replacementNotCallable(token: Token): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_REPLACE_NOT_CALLABLE',
    `replace has a bound class, or a Proxy of a class, for ${nameOf(token)}, which can only be called with new. Write a function that makes it: [${nameOf(token)}, () => new Fake()].`,
  );
}

/** An entry of `replace` cannot be read. */
export function replaceMalformed(entry: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_APPLICATION_REPLACE_MALFORMED',
    `replace has ${Array.isArray(entry) ? JSON.stringify(entry.map(nameOf)) : describeReceived(entry)}. Write pairs of a class, string or symbol and its replacement: replace: [[Mailer, fakeMailer]].`,
  );
}
