/** `createApplication`: starts an application from a decorated class, without listening yet. */

import type { FastifyBaseLogger } from 'fastify';
import { type Blueprint, blueprintsOf, withCurrentTokens } from '../components/blueprint.js';
import { membersDecoratedWithOtherCopy, warningsOfOtherCopies } from '../components/copies-of-core.js';
import type { Class } from '../components/definition.js';
import { tokensNeededBy } from '../components/graph.js';
import type { LoggingConfiguration } from '../configuration/schema.js';
import { requestContextMixin, tagsOfEnvironment } from '../context/log-fields.js';
import { nameOf } from '../errors/wording.js';
import type { TaskDuty } from '../scheduling/duty.js';
import { formattedLogger } from '../web/pretty-log.js';
import { createServer, isLogger, type LoggerChoice, type ServerContext } from '../web/server.js';
import type { WorkerLink } from '../workers/worker-link.js';
import type { Application, ApplicationOptions } from './application.js';
import { applicationDeclarationOf } from './application-class.js';
import { checkDeclaration, checkOptions } from './check-options.js';
import { ExtensionHost } from './extension-host.js';
import { collectExtensions } from './extension-registry.js';
import { type LoadedConfiguration, loadConfiguration } from './load-configuration.js';
import { isStartedByScan } from './pending-imports.js';
import { type ReplacedParts, type Replacements, replaceComponents } from './replacements.js';
import type { RunningApplication } from './running-application.js';
import { filesThatCall } from './scan.js';
import { selectComponents } from './select-components.js';
import { Startup } from './startup.js';

/**
 * Starts an application: reads its configuration, constructs its components, opens its routes and runs its start hooks.
 *
 * The application does not listen or run scheduled tasks until `listen()` is called; `inject()` serves requests before that. If the start fails,
 * everything that was started is stopped again.
 *
 * @throws TSK_ERR_… for mistakes in the configuration, components or routes; errors of constructors, providers and start hooks are
 *   rethrown unchanged.
 */
export async function createApplication<const T extends readonly unknown[] = readonly []>(
  applicationClass: Class,
  options: CreateOptions<T> = {},
): Promise<Application> {
  if (isStartedByScan(applicationClass, false)) return await new Promise(() => undefined);
  checkOptions('createApplication', options);
  checkDeclaration(applicationClass);
  const startedIn = startingFiles(applicationClass, createApplication);
  return await startApplication(applicationClass, { ...options, replace: options.replace ?? [], startedIn });
}

/** Options of `createApplication`. */
export interface CreateOptions<T extends readonly unknown[] = readonly unknown[]> extends ApplicationOptions {
  /** Pairs of a component and its replacement in a test: a class, a function that creates the replacement, or the replacement itself. */
  readonly replace?: Replacements<T>;
}

/** Options of `startApplication`. */
export interface StartOptions extends ApplicationOptions {
  /** The files whose code started the application. */
  readonly startedIn: readonly string[];
  readonly replace: Replacements;
  /** The configuration, if it has been read already. */
  readonly loaded?: LoadedConfiguration | undefined;
  /** The connection to the primary, if this process is one of several workers. */
  readonly worker?: WorkerLink | undefined;
  /** Whether this process runs the tasks of the application; undefined if it is the only one. */
  readonly duty?: TaskDuty | undefined;
}

/** The files whose code called `below`; needed only for a scan. */
export function startingFiles(applicationClass: Class, below: (...parameters: never[]) => unknown): readonly string[] {
  return applicationDeclarationOf(applicationClass).scan === undefined ? [] : filesThatCall(below);
}

/** `createApplication`, returning the class that also reports whether the stop was in time. */
export async function startApplication(applicationClass: Class, options: StartOptions): Promise<RunningApplication> {
  const assembly = await assemble(applicationClass, options);
  const startup = await prepare(applicationClass, options, assembly);
  return await startup.run();
}

/** What the primary of an application with several workers needs of it: its extensions and its log. */
export async function assemblePrimary(
  applicationClass: Class,
  options: StartOptions,
): Promise<{ readonly extensions: ExtensionHost; readonly logger: FastifyBaseLogger }> {
  const { extensions, logger, loaded } = await assemble(applicationClass, options);
  const { server, logging } = loaded;
  return { extensions, logger: createServer({ server, logging, ...(logger !== undefined && { logger }) }).log };
}

/** An application before its server is created. */
interface Assembly {
  readonly loaded: LoadedConfiguration;
  readonly parts: ReplacedParts;
  readonly extensions: ExtensionHost;
  readonly logger: LoggerChoice | undefined;
}

async function assemble(applicationClass: Class, options: StartOptions): Promise<Assembly> {
  const loaded = options.loaded ?? (await loadConfiguration(applicationClass, options));
  const { profile } = loaded.configuration;
  const declarations = await selectComponents(applicationClass, { profile, startedIn: options.startedIn });
  const declared = withCurrentTokens(declarations.flatMap((declaration) => blueprintsOf(declaration, profile)));
  // An application that lists its components gets an error instead if one of them is from another copy.
  if (applicationDeclarationOf(applicationClass).components === undefined) {
    for (const warning of warningsOfOtherCopies()) loaded.warnings.add(warning);
  }
  for (const { target, name } of declarations) {
    const copy = membersDecoratedWithOtherCopy(target);
    if (copy !== undefined)
      loaded.warnings.add(`Decorators on members of ${name === '' ? nameOf(target) : name} have no effect: they are from ${copy}`);
  }
  const parts = replaceComponents(declared, options.replace);
  const given = options.logger;
  const logger = isLogger(given) ? given : await formattedLogger({ format: loaded.logging.format, profile, logger: given });
  const listed = [...(applicationDeclarationOf(applicationClass).extensions ?? []), ...(options.extensions ?? [])];
  const extensions = new ExtensionHost(collectExtensions(carriersOf(parts.blueprints), listed));
  return { loaded, parts, extensions, logger };
}

async function prepare(applicationClass: Class, options: StartOptions, { loaded, parts, extensions, logger }: Assembly): Promise<Startup> {
  const { server, logging, warnings } = loaded;
  const { blueprints, provideInto: provideReplacements } = parts;
  const { worker, duty } = options;
  const wish = extensions.requestContext(loaded.configuration);
  const isOpen = wish.isWanted || wantsFields(logging);
  const fastify = createServer({
    server,
    logging,
    context: isOpen ? { mixin: logging.request_context === 'off' ? undefined : fieldsOf(loaded, options.environment) } : undefined,
    ...(logger !== undefined && { logger }),
    ...(options.server?.fastify !== undefined && { fastifyOptions: options.server.fastify }),
  });
  // All workers would say the same.
  if (worker === undefined || worker.worker === 1) warnings.sendTo(fastify.log);
  try {
    const contextObservers = isOpen ? wish.observers : undefined;
    return new Startup({ applicationClass, loaded, blueprints, provideReplacements, fastify, extensions, contextObservers, worker, duty });
  } catch (error) {
    await fastify.close();
    throw error;
  }
}

function wantsFields({ request_context: fields, datadog }: LoggingConfiguration): boolean {
  return fields === 'on' || (datadog && fields === 'auto');
}

function fieldsOf(
  { logging, app, configuration }: LoadedConfiguration,
  environment: ApplicationOptions['environment'],
): ServerContext['mixin'] {
  const version = app.version === 'unknown' ? undefined : app.version;
  const tags = { service: app.name, env: configuration.profile, version, ...tagsOfEnvironment(environment) };
  return (mixin) => requestContextMixin({ datadog: logging.datadog && tags, ...(mixin !== undefined && { mixin }) });
}

// In the order in which their extensions run: the application class is the first component.
function carriersOf(blueprints: readonly Blueprint[]) {
  const types = blueprints.flatMap(({ definition }) => definition.type ?? []);
  return [...types, ...blueprints.flatMap(tokensNeededBy)];
}
