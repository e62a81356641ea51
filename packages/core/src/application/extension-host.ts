/** The extensions of one application: runs their steps in order, and names the one that fails. */
import type { FastifyInstance } from 'fastify';
import type { ComponentDefinition } from '../components/definition.js';
import type { Configuration } from '../configuration/configuration.js';
import type { RequestObserver } from '../context/request-observer.js';
import { isApplicationError } from '../errors/application-error.js';
import type { PrimaryHost } from '../workers/worker-processes.js';
import { extensionFailed } from './errors.js';
import type { ApplicationContext, Extension, ExtensionFactory } from './extension.js';

type Step = Exclude<keyof Extension, 'name'>;
type TaskWrapper = NonNullable<Extension['task']>;

/** Runs the steps of extensions. */
export class ExtensionHost {
  readonly #extensions: readonly Extension[];
  readonly #onInstance: readonly Extension[];
  readonly #configured: Extension[] = [];

  /** @throws TSK_ERR_APPLICATION_EXTENSION_FAILED if a factory throws. */
  constructor(factories: readonly ExtensionFactory[]) {
    this.#extensions = factories.map(make);
    this.#onInstance = this.#extensions.filter((extension) => extension.instance !== undefined);
  }

  /** What the extensions want of the request context: whether it is open, and who observes it. */
  requestContext(configuration: Configuration): { readonly isWanted: boolean; readonly observers: readonly RequestObserver[] } {
    const wishes = this.#extensions.map((extension) =>
      attemptSync(extension, 'requestContext', () => extension.requestContext?.(configuration) ?? false),
    );
    return { isWanted: wishes.some((wish) => wish !== false), observers: wishes.filter((wish) => typeof wish === 'object') };
  }

  /** The only step in a primary process. */
  async primary(host: PrimaryHost): Promise<void> {
    for (const extension of this.#extensions) await attempt(extension, 'primary', () => extension.primary?.(host));
  }

  async configure(context: ApplicationContext): Promise<void> {
    for (const extension of this.#extensions) {
      await attempt(extension, 'configure', () => extension.configure?.(context));
      this.#configured.push(extension);
    }
  }

  component(definition: ComponentDefinition): void {
    for (const extension of this.#extensions) attemptSync(extension, 'component', () => extension.component?.(definition));
  }

  instance(instance: object, definition: ComponentDefinition): void {
    for (const extension of this.#onInstance) attemptSync(extension, 'instance', () => extension.instance?.(instance, definition));
  }

  /** Loads each extension's plugins before the next extension's step and before the routes, so that their hooks apply to both. */
  async server(fastify: FastifyInstance, context: ApplicationContext): Promise<void> {
    for (const extension of this.#extensions) {
      if (extension.server === undefined) continue;
      await attempt(extension, 'server', async () => {
        await extension.server?.(fastify, context);
        await fastify.after();
      });
    }
  }

  /** The wrappers around each run of a scheduled task, the outermost first. */
  get taskWrappers(): readonly TaskWrapper[] {
    return this.#extensions.flatMap((extension) => extension.task?.bind(extension) ?? []);
  }

  async started(context: ApplicationContext): Promise<void> {
    for (const extension of this.#extensions) await attempt(extension, 'started', () => extension.started?.(context));
  }

  /** The last steps of the extensions whose `configure` succeeded, in reverse order, to be run one after the other. */
  lastSteps(step: 'stopping' | 'stopped', context: ApplicationContext): readonly { name: string; run: () => Promise<void> }[] {
    return this.#configured.toReversed().flatMap((extension) => {
      if (extension[step] === undefined) return [];
      return { name: `extension ${extension.name}`, run: () => attempt(extension, step, () => extension[step]?.(context)) };
    });
  }
}

function make(factory: ExtensionFactory): Extension {
  try {
    return factory();
  } catch (error) {
    throw asExtensionError(factory.name === '' ? 'anonymous' : factory.name, 'factory', error);
  }
}

async function attempt(extension: Extension, step: Step, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw asExtensionError(extension.name, step, error);
  }
}

function attemptSync<R>(extension: Extension, step: Step, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw asExtensionError(extension.name, step, error);
  }
}

// Our own errors, such as an invalid configuration value, already say what is wrong and how to fix it.
function asExtensionError(extension: string, step: string, error: unknown): unknown {
  return isApplicationError(error) ? error : extensionFailed(extension, step, error);
}
