/** Every error of this package: its code, and a function that writes its message. */
import type { Class, ComponentKind, Scope, Token } from './components/definition.js';
import type { Parameter } from './components/parameters.js';
import type { ConfigurationValue } from './configuration/configuration.js';
import { environmentName } from './configuration/environment-name.js';
import { nearest } from './configuration/nearest.js';

/** An error of the framework: what happened, what was received, how to mend it. */
export class ApplicationError extends Error {
  override readonly name: string = 'ApplicationError';
  constructor(
    /** Stable, listed in docs/reference/errors.md. */
    readonly code: `TSK_ERR_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A parameter, and the class or provider method it belongs to. */
export interface ParameterSite {
  /** `OrderService`, or `Databases.pool()`. */
  readonly maker: string;
  readonly parameter: Parameter;
}

/** Where an application was to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const SECRET_KEY = /passw|secret|token|key|credential/i;
const LONGEST_PRINTED = 120;

/** A value for a message: as JSON, cut where it is long; `***` where the key says that it is a secret. */
export function printValue(key: string, value: unknown): string {
  if (SECRET_KEY.test(key.slice(key.lastIndexOf('.') + 1))) return '***';
  // The userinfo of a URL is a secret whatever the key is called.
  const text = String(JSON.stringify(value)).replace(/(:\/\/)[^/\s"@]+@/g, '$1***@');
  return text.length > LONGEST_PRINTED ? `${text.slice(0, LONGEST_PRINTED)}...` : text;
}

function describeSite({ maker, parameter }: ParameterSite): string {
  const place = maker.endsWith('()') ? 'parameter' : 'constructor parameter';
  return `${maker}: ${place} ${parameter.index + 1}${parameter.name === undefined ? '' : ` (${parameter.name})`}`;
}

function nameOf(subject: unknown): string {
  if (typeof subject === 'function') return subject.name === '' ? 'an anonymous class' : subject.name;
  if (typeof subject === 'string') return JSON.stringify(subject);
  return typeof subject === 'object' && subject !== null ? subject.constructor.name : String(subject);
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}

/** Whether an error is one of the framework's: it then says by itself what happened and how to mend it. */
export function isApplicationError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('TSK_ERR_');
}

// components

/** A class carries two role decorators. */
export function componentDeclaredTwice(target: Class, existing: ComponentKind, added: ComponentKind): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_DECLARED_TWICE',
    `${target.name} is declared as ${existing} and again as ${added}. Keep one of the two decorators.`,
  );
}

/** A decorator was written without parentheses. */
export function decoratorNotCalled(decorator: string, target: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DECORATOR_NOT_CALLED',
    `${decorator} on ${nameOf(target)} was written without parentheses. Write ${decorator}().`,
  );
}

/** A decorator for methods stands on a static member. */
export function decoratorOnStaticMember(decorator: string, target: object, member: string | symbol): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DECORATOR_STATIC',
    `${decorator} is on ${nameOf(target)}.${String(member)}, which is static: no instance has it. Make it an instance method.`,
  );
}

/** The compiler gave no class for a parameter, and no decorator says what to inject. */
export function parameterNotInjectable(maker: string, parameter: Parameter): ApplicationError {
  const { declaredType } = parameter;
  const primitive = declaredType === String || declaredType === Number || declaredType === Boolean || declaredType === Array;
  const mend = primitive
    ? `Add @Value('\${some.key}') for a configuration value, or @Inject(Token).`
    : `Import its class with "import", not "import type", from a file that does not import this one back; or, where its type is no class or the build tool emits no decorator metadata, add @Inject(Token).`;
  const seen = declaredType === undefined ? 'no type: none was emitted' : `the type ${nameOf(declaredType)}, which is not a component`;
  return new ApplicationError('TSK_ERR_PARAMETER_TYPE', `${describeSite({ maker, parameter })} has ${seen}. ${mend}`);
}

/** A provider method has no class to be asked for by. */
export function providerWithoutToken(maker: string, returnType: unknown): ApplicationError {
  const seen = returnType === undefined ? 'no declared return type' : `the return type ${nameOf(returnType)}`;
  return new ApplicationError(
    'TSK_ERR_PROVIDER_TOKEN',
    `${maker} has ${seen}, so nothing can ask for what it makes. Declare a class as its return type, or write @Provider({ token }).`,
  );
}

/** Two makers for one token. */
export function tokenTaken(token: Token, first: string, second: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_TOKEN_TAKEN',
    `${nameOf(token)} is provided by ${first} and by ${second}. Remove one of them, give one another token, or tell them apart with @Profile.`,
  );
}

/** Components that have to do with a class that is none. */
export interface DependencyRelatives {
  /** The names of components that extend it. */
  readonly subclasses: readonly string[];
  /** Whether a component of the same name, but another class, exists. */
  readonly hasNamesake: boolean;
}

/** Something is injected that the application does not have. */
export function unregisteredDependency(
  site: ParameterSite,
  token: Token,
  { subclasses, hasNamesake }: DependencyRelatives,
): ApplicationError {
  const name = nameOf(token);
  const instead = subclasses.length > 0 ? ` Or inject ${subclasses.join(' or ')}, which extends it.` : '';
  const namesake = hasNamesake
    ? ` Another class of that name is one: a decorator above ${name} replaces it, or its file is loaded twice.`
    : '';
  const mend =
    typeof token === 'function'
      ? `Decorate ${name} with @Service(), @Repository() or @Component() and make sure that it is imported, or listed in the components of @Application and active in this profile; or add @Inject(Token) to the parameter.`
      : `Provide it: with @Provider({ token }) in a @Configuration class, or from an extension.`;
  return new ApplicationError(
    'TSK_ERR_DEPENDENCY_UNREGISTERED',
    `${describeSite(site)} asks for ${name}, which is not a component of this application.${namesake} ${mend}${instead}`,
  );
}

/** Components need each other in a circle. */
export function circularDependency(path: readonly string[]): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_DEPENDENCY_CIRCULAR',
    `Components depend on each other in a circle: ${path.join(' -> ')}. Move what they share into a third class that both can have injected, or let one hand itself to the other in an @OnStart() method.`,
  );
}

/** What lives longer depends on what lives for a request. */
export function scopeMismatch({ path, requestScoped }: { path: readonly string[]; requestScoped: string }): ApplicationError {
  const [singleton = ''] = path;
  return new ApplicationError(
    'TSK_ERR_DEPENDENCY_SCOPE',
    `${singleton} lives as long as the application, but depends on ${requestScoped}, which lives for one request: ${[...path, requestScoped].join(' -> ')}. Give ${singleton} the scope too: { scope: 'request' }.`,
  );
}

/** A token was resolved that the application does not have. */
export function unknownToken(token: Token, known: readonly Token[]): ApplicationError {
  const guess = nearest(nameOf(token), known.map(nameOf));
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  return new ApplicationError(
    'TSK_ERR_TOKEN_UNKNOWN',
    `${nameOf(token)} was resolved, but is not a component of this application.${hint} Decorate and import it, or provide it in a @Configuration class.`,
  );
}

/** Something request-scoped was asked for outside of a request. */
export function noRequestScope(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_REQUEST_SCOPE_MISSING',
    `${maker} lives for one HTTP request, and was resolved outside of any. Have it injected into a controller with { scope: 'request' }.`,
  );
}

/** A provider's promise is not settled yet. */
export function providerNotReady(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_PROVIDER_NOT_READY',
    `${maker} is async, and was resolved before it was done. Resolve it once the application has started.`,
  );
}

/** An async provider where nobody can wait for it. */
export function providerNotAsync(maker: string, scope: Scope): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_PROVIDER_ASYNC',
    `${maker} is async and has the scope ${scope}: only the start waits, for singletons. Make it a singleton, or return the object at once.`,
  );
}

/** A provider made nothing. */
export function providerReturnedNothing(maker: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_PROVIDER_NOTHING',
    `${maker} returned undefined. Return what it makes; null, if there is to be none.`,
  );
}

/** The text given to `@Value` cannot be read. */
export function malformedValueExpression(text: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_VALUE_EXPRESSION',
    `@Value(${JSON.stringify(text)}) has no complete placeholder. Write '\${key}' or '\${key:default}', for example '\${server.port:8000}'.`,
  );
}

/** A `@Value` key that no source has. */
export function valueMissing(site: ParameterSite, key: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_VALUE_MISSING',
    `${describeSite(site)} asks for the configuration key ${key}, which no source has. Set it in application.yml or as ${environmentName(key)}, or write a default: '\${${key}:...}'.`,
  );
}

/** A `@Value` that does not fit its parameter. */
export function valueNotConvertible(
  site: ParameterSite,
  found: { key: string; value: ConfigurationValue; source: string; type: string },
): ApplicationError {
  const { key, value, source, type } = found;
  return new ApplicationError(
    'TSK_ERR_VALUE_CONVERSION',
    `${describeSite(site)} is declared as ${type}, but ${key} is ${printValue(key, value)} (${source}). Change the value, or the parameter's type.`,
  );
}

/** A `@Value` parameter of a type that no configuration value has. */
export function valueTypeUnsupported(site: ParameterSite, type: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_VALUE_TYPE',
    `${describeSite(site)} has @Value and is declared as ${nameOf(type)}. Declare it as number, string, boolean or an array.`,
  );
}

// configuration

/** The configuration file is not there. */
export function configurationMissing(path: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_MISSING',
    `There is no configuration file at ${path}. Create it (an empty file will do), or pass the option configuration.`,
  );
}

/** The configuration file is there, but cannot be read. */
export function configurationUnreadable(path: string, reason: string, cause: unknown): ApplicationError {
  const mend = reason === 'EISDIR' ? 'It is a folder: put a file in its place.' : 'Let the user this program runs as read it.';
  return new ApplicationError('TSK_ERR_CONFIGURATION_UNREADABLE', `The configuration file ${path} cannot be read (${reason}). ${mend}`, {
    cause,
  });
}

/** The configuration file is no YAML. */
export function configurationSyntax(problem: { where: string; problem: string; mend: string; cause: unknown }): ApplicationError {
  // What the parser says to programmers, behind a semicolon, is left out.
  const text = problem.problem
    .replace(/; please use .*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/[.:]?\s*$/, '');
  return new ApplicationError('TSK_ERR_CONFIGURATION_SYNTAX', `${problem.where}: ${text}. ${problem.mend}`, { cause: problem.cause });
}

/** The configuration file holds something else than a mapping. */
export function configurationNotMapping(path: string, root: unknown): ApplicationError {
  const seen = Array.isArray(root) ? 'a list' : typeof root;
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_ROOT',
    `${path} holds ${seen}, not a mapping. Write namespaces with their keys below them, such as "server:" and, indented, "port: 8000".`,
  );
}

/** The active profile has no file. */
export function unknownProfile({
  profile,
  file,
  existing,
}: {
  profile: string;
  file: string;
  existing: readonly string[];
}): ApplicationError {
  const known = existing.length === 0 ? 'There are no profiles yet.' : `Profiles that exist: ${existing.join(', ')}.`;
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_PROFILE',
    `The profile ${JSON.stringify(profile)} has no file ${file}. ${known} Create the file, or set TSUKIMI_PROFILE to another.`,
  );
}

/**
 * A configuration value that is not allowed; for extensions' own checks as well.
 *
 * @param problem.source as `Configuration.sourceOf` gives it.
 * @param problem.allowed what would be right, without a full stop: `an integer from 0 to 65535`.
 * @param problem.mend one more sentence, if there is more to say.
 */
export function invalidConfigurationValue(problem: {
  readonly key: string;
  readonly value: ConfigurationValue;
  readonly source: string;
  readonly allowed: string;
  readonly mend?: string;
}): ApplicationError {
  const { key, value, source, allowed, mend } = problem;
  const more = mend === undefined ? '' : ` ${mend}`;
  return configurationInvalid([`${key}: ${printValue(key, value)} is not allowed (${source}). Allowed: ${allowed}.${more}`]);
}

/** Configuration values that are not allowed; each message is a line of its own kind, complete. */
export function configurationInvalid(messages: readonly string[]): ApplicationError {
  return new ApplicationError('TSK_ERR_CONFIGURATION_VALUE', messages.join(' '));
}

// application

/** An application was to start from a class that is none. */
export function notAnApplication(type: Class): ApplicationError {
  return new ApplicationError('TSK_ERR_APPLICATION_UNDECORATED', `${nameOf(type)} has no @Application(). Write it above the class.`);
}

/** `components` lists a class without a role. */
export function componentUndeclared(component: Class, application: Class): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_UNDECLARED',
    `${nameOf(component)} is listed in the components of ${application.name}, but has no role. Decorate it with @Service(), @Repository(), @Controller(), @Configuration() or @Component().`,
  );
}

/** The folder to scan cannot be read. */
export function scanFailed(folder: string, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCAN_FOLDER',
    `The folder ${folder} given to scan cannot be read. Pass a folder that exists: scan: new URL('.', import.meta.url).`,
    { cause },
  );
}

/** A module in the scanned folder cannot be imported. */
export function scanImportFailed(path: string, cause: unknown): ApplicationError {
  const circular = cause instanceof ReferenceError && /before initialization/.test(cause.message);
  const mend = circular
    ? 'Two files import each other: move what they share into a third one.'
    : 'Mend the module, or move it out of the folder given to scan.';
  return new ApplicationError('TSK_ERR_SCAN_IMPORT', `${path} could not be imported: ${messageOf(cause)}. ${mend}`, { cause });
}

/** An extension's step threw. */
export function extensionFailed(extension: string, step: string, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_EXTENSION_FAILED',
    `The extension ${extension} failed in its step ${step}: ${messageOf(cause)}. Mend its cause, or take the extension out.`,
    { cause },
  );
}

/** The container was used before it could be, or changed after it could be. */
export function containerNotOpen(action: string, when: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_CONTAINER_CLOSED',
    `${action} was called ${when}. Provide values in configure, resolve them from server on.`,
  );
}

/** A hook on something that the application does not keep. */
export function hookNeedsSingleton(maker: string, method: string, scope: Scope): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HOOK_SCOPE',
    `${maker} has the scope ${scope}, so its hook ${method} would never run: the application starts and stops singletons. Make it a singleton, or remove the hook.`,
  );
}

/** The application was asked for something it cannot do any more. */
export function applicationClosed(action: string): ApplicationError {
  return new ApplicationError('TSK_ERR_APPLICATION_CLOSED', `${action} was called after close(). Create the application anew.`);
}

/** The port is taken. */
export function portInUse(address: ListenAddress, cause: unknown): ApplicationError {
  const { host, port } = address;
  return new ApplicationError(
    'TSK_ERR_SERVER_PORT_IN_USE',
    `Port ${port} on ${host} is in use by another program. Stop it (find it with: lsof -i :${port}), or set server.port or TSUKIMI_SERVER_PORT to another port.`,
    { cause },
  );
}

/** The port may not be used. */
export function portForbidden(address: ListenAddress, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SERVER_PORT_FORBIDDEN',
    `Port ${address.port} on ${address.host} may not be used by this user. Set server.port or TSUKIMI_SERVER_PORT to a port from 1024 on.`,
    { cause },
  );
}

/** The host is no address of this machine. */
export function hostUnavailable(address: ListenAddress, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SERVER_HOST',
    `${address.host} is no address of this machine. Set server.host or TSUKIMI_SERVER_HOST to 127.0.0.1, 0.0.0.0 or an address it has.`,
    { cause },
  );
}

// web

interface RouteMethod {
  readonly controller: Class;
  readonly method: string;
}

interface RoutePlace extends RouteMethod {
  readonly verb: string;
  readonly path: string;
}

/** The `code` in the answer to a request that does not fit its route. */
export const REQUEST_INVALID = 'TSK_ERR_REQUEST_INVALID';

/** A route or parameter decorator stands where no request can reach. */
export function routeDecoratorMisplaced(target: object, member: string | symbol | undefined, decorator: string): ApplicationError {
  const name = typeof target === 'function' ? target.name : target.constructor.name;
  const place = member === undefined ? `the constructor of ${name}` : `${name}.${String(member)}`;
  return new ApplicationError(
    'TSK_ERR_ROUTE_DECORATOR',
    `${decorator} is on ${place}. It belongs on an instance method with a plain name, or on a parameter of one.`,
  );
}

/** Two routes that the router cannot tell apart. */
export function routeDuplicate(first: RoutePlace, second: RoutePlace): ApplicationError {
  const spelled = first.path === second.path ? '' : ` (there as ${second.path})`;
  return new ApplicationError(
    'TSK_ERR_ROUTE_DUPLICATE',
    `${first.verb} ${first.path} is served by ${routeMethod(first)} and again by ${routeMethod(second)}${spelled}. ` +
      'Change the path of one of them, or leave one of the two classes out of the application.',
  );
}

/** Fastify did not take a route. */
export function routeRefused({ verb, path, cause, ...place }: RoutePlace & { readonly cause: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_REFUSED',
    `${verb} ${path} of ${routeMethod(place)} was not accepted by Fastify: ${messageOf(cause)}. ` +
      'Change the path, or the plugin that serves it already.',
    { cause },
  );
}

/** A component that is not a controller has routes. */
export function routeNotOnController(options: { component: Class; kind: ComponentKind; method: string }): ApplicationError {
  const { component, kind, method } = options;
  return new ApplicationError(
    'TSK_ERR_ROUTE_NOT_ON_CONTROLLER',
    `${component.name}.${method} has a route decorator, but ${component.name} is declared as ${kind}. Declare it with @Controller().`,
  );
}

/** `@HttpCode` was given something else than a status. */
export function routeStatusInvalid({ statusCode, ...place }: RouteMethod & { readonly statusCode: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_STATUS',
    `@HttpCode(${String(statusCode)}) on ${routeMethod(place)} is not a status. Give an integer from 200 to 599.`,
  );
}

/** A schema that a route validates by cannot be compiled. */
export function routeSchemaInvalid({
  part,
  cause,
  ...place
}: RouteMethod & { readonly part: string; readonly cause: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_SCHEMA',
    `The ${part} schema of ${routeMethod(place)} cannot be used: ${messageOf(cause)}. ` +
      'Give a JSON Schema (draft 7), a TypeBox schema or a Standard Schema.',
    { cause },
  );
}

/** A parameter of a route method would always be undefined. */
export function parameterWithoutDecorator({ index, ...place }: RouteMethod & { readonly index: number }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_PARAMETER_UNDECORATED',
    `Parameter ${index} of ${routeMethod(place)} says not where its value comes from. ` +
      'Put @Param(), @Query(), @Header(), @Body(), @Req() or @Reply() on it.',
  );
}

/** A parameter of a route method has two sources. */
export function parameterDeclaredTwice({ index, ...place }: RouteMethod & { readonly index: number }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_PARAMETER_TWICE',
    `Parameter ${index} of ${routeMethod(place)} has two decorators that say where its value comes from. Keep one of them.`,
  );
}

/** A parameter's declared type cannot be made from text. */
export function parameterTypeUnknown(options: RouteMethod & { readonly name: string; readonly type: unknown }): ApplicationError {
  const { name, type } = options;
  const typeName = typeof type === 'function' ? type.name : String(type);
  return new ApplicationError(
    'TSK_ERR_ROUTE_PARAMETER_TYPE',
    `Parameter ${name} of ${routeMethod(options)} is declared as ${typeName}, which no text can be converted to. ` +
      'Declare it as string, number, boolean, bigint, Date or an array, or give its decorator a schema.',
  );
}

/** `@Param` names what the path does not have. */
export function pathParameterUnknown(options: RoutePlace & { readonly name: string; readonly known: readonly string[] }): ApplicationError {
  const { name, known, path } = options;
  const has = known.length === 0 ? 'has no parameters' : `has ${known.join(', ')}`;
  return new ApplicationError(
    'TSK_ERR_ROUTE_PARAMETER_UNKNOWN',
    `@Param('${name}') of ${routeMethod(options)} names nothing in ${path}, which ${has}. Write :${name} in the path, or change the name.`,
  );
}

/** `@Body` on a route whose requests have none. */
export function routeBodyNotRead({ verb, path, ...place }: RoutePlace): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_ROUTE_BODY',
    `${routeMethod(place)} takes a @Body, but serves ${verb} ${path}, and the body of a ${verb} request is never read. ` +
      'Use @Post(), @Put() or @Patch(), or take the value by @Query().',
  );
}

/** An `HttpError` was made with something else than an error's status. */
export function httpErrorStatus(statusCode: unknown, message: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_HTTP_ERROR_STATUS',
    `HttpError(${String(statusCode)}, ${JSON.stringify(message)}) is not an error's status. Give an integer from 400 to 599.`,
  );
}

/** Something that is no error was thrown by a route method. */
export function threwNoError(where: string, thrown: unknown): ApplicationError {
  const what = typeof thrown === 'string' ? JSON.stringify(thrown) : describeThrown(thrown);
  return new ApplicationError('TSK_ERR_ROUTE_THREW', `${where} threw ${what}, which is not an Error. Throw an Error, or an HttpError.`, {
    cause: thrown,
  });
}

function routeMethod({ controller, method }: RouteMethod): string {
  return `${controller.name}.${method}`;
}

// Things without a prototype, and such whose `toString` throws, have no text.
function describeThrown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `something of type ${typeof thrown}`;
  }
}

// scheduling

/** `@Scheduled` stands where no clock can reach. */
export function scheduledMisplaced(target: object, member: string | symbol): ApplicationError {
  const name = typeof target === 'function' ? target.name : target.constructor.name;
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_DECORATOR',
    `@Scheduled is on ${name}.${String(member)}. It belongs on an instance method with a plain name.`,
  );
}

/** A schedule has no trigger, or several. */
export function scheduleTrigger(where: string, given: readonly string[]): ApplicationError {
  const received = given.length === 0 ? 'none of fixedRate, fixedDelay and cron' : given.join(' and ');
  return new ApplicationError('TSK_ERR_SCHEDULE_TRIGGER', `@Scheduled on ${where} has ${received}. Give exactly one of the three.`);
}

/** A schedule's interval is no time to wait. */
export function scheduleInterval(what: string, value: unknown, maxMs: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_INTERVAL',
    `${what} is ${nameOf(value)}. Give milliseconds from 1 to ${maxMs}, or use cron for longer times.`,
  );
}

/** A schedule's initial delay is no time to wait, or has no meaning. */
export function scheduleInitialDelay(where: string, value: unknown, mend: string): ApplicationError {
  return new ApplicationError('TSK_ERR_SCHEDULE_INITIAL_DELAY', `initialDelay of ${where} is ${nameOf(value)}. ${mend}`);
}

/** A schedule's cron expression cannot be read. */
export function scheduleCron(where: string, cron: unknown, cause: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_CRON',
    `cron of ${where} is ${nameOf(cron)}: ${messageOf(cause)}. ` +
      'Write five fields, six with seconds in front, or a macro: "0 30 6 * * *", "@hourly".',
    { cause },
  );
}

/** A schedule's cron expression never comes true. */
export function scheduleCronNever(where: string, cron: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_CRON',
    `cron of ${where} is ${JSON.stringify(cron)}, which is never. Give a time that comes.`,
  );
}

/** A schedule's time zone is not known, or has no meaning. */
export function scheduleTimeZone(where: string, timeZone: unknown, why: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_TIME_ZONE',
    `timeZone of ${where} is ${nameOf(timeZone)}: ${why}. Give the name of a zone, such as Europe/Berlin, together with cron.`,
  );
}

/** A component that lives for a request cannot run without one. */
export function scheduledRequestScope(where: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_SCOPE',
    `${where} is scheduled, but its class has request scope, and a schedule has no request. ` +
      'Move the method to a component of singleton or transient scope.',
  );
}

/** A scheduled method expects arguments. */
export function scheduledParameters(where: string, count: number): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_PARAMETERS',
    `${where} is scheduled, but has ${count} parameter${count === 1 ? '' : 's'}, and a schedule gives none. ` +
      'Take what it needs by the constructor.',
  );
}

/** Two tasks have one name. */
export function taskDuplicate(name: string, tasks: readonly { component: { name: string }; method: string }[]): ApplicationError {
  const places = tasks.map(({ component, method }) => `${component.name}.${method}`);
  return new ApplicationError(
    'TSK_ERR_SCHEDULE_DUPLICATE',
    `Two tasks are called ${name}: ${places.join(' and ')}. Give one of them a name: @Scheduled({ ..., name: '...' }).`,
  );
}

/** There is no task of that name. */
export function taskUnknown(name: string, options: { known: readonly string[]; nearest: string | undefined }): ApplicationError {
  const { known, nearest } = options;
  const mend = nearest === undefined ? `There ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}.` : `Did you mean ${nearest}?`;
  return new ApplicationError('TSK_ERR_SCHEDULE_UNKNOWN_TASK', `There is no task called ${JSON.stringify(name)}. ${mend}`);
}

/** A task was asked for after the application has stopped. */
export function schedulerStopped(name: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_SCHEDULER_STOPPED',
    `Task ${name} was asked to run, but the application has stopped. Run it before close() is called.`,
  );
}
