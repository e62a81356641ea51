/** The started components of an application. Start hooks run in order of dependencies, stop hooks in reverse order. */
import type { Blueprint } from '../components/blueprint.js';
import type { ComponentDefinition } from '../components/definition.js';
import { hookNeedsSingleton } from './errors.js';
import { hooksOf, runHooks } from './lifecycle-hooks.js';
import type { StopStep } from './stop.js';

/** Runs the hooks of components, and remembers which components to stop. */
export class StartedComponents {
  readonly #constructed: { instance: object; definition: ComponentDefinition }[] = [];
  readonly #waiting = new Set<object>();

  /** Adds a singleton that was constructed. Call it in the order of dependencies. */
  add(instance: unknown, definition: ComponentDefinition): void {
    if ((typeof instance !== 'object' && typeof instance !== 'function') || instance === null) return;
    this.#constructed.push({ instance, definition });
    if (hooksOf(Object.getPrototypeOf(instance), 'start', definition.replaces).length > 0) this.#waiting.add(instance);
  }

  /** Runs every start hook. */
  async start(): Promise<void> {
    for (const { instance, definition } of this.#constructed) {
      await runHooks(instance, 'start', definition.replaces);
      this.#waiting.delete(instance);
    }
  }

  /** The `@BeforeDrain` hooks, in reverse order of start. */
  drainSteps(): readonly StopStep[] {
    return this.#steps('drain', 'the hook before the drain');
  }

  /** The stop hooks of the started components, in reverse order. */
  stopSteps(): readonly StopStep[] {
    return this.#steps('stop', 'the stop hook');
  }

  // A component whose start hook did not run has nothing to stop.
  #steps(phase: 'drain' | 'stop', what: string): readonly StopStep[] {
    return this.#constructed
      .filter(({ instance, definition: { replaces } }) => {
        return !this.#waiting.has(instance) && hooksOf(Object.getPrototypeOf(instance), phase, replaces).length > 0;
      })
      .toReversed()
      .map(({ instance, definition }) => ({
        name: `${what} of ${definition.name}`,
        run: () => runHooks(instance, phase, definition.replaces),
      }));
  }
}

/**
 * Checks that only singletons have hooks.
 * @throws TSK_ERR_APPLICATION_HOOK_SCOPE
 */
export function checkHooks(blueprints: readonly Blueprint[]): void {
  for (const { definition, maker } of blueprints) {
    if (definition.scope === 'singleton' || definition.type === undefined) continue;
    const { type, replaces } = definition;
    const [hook] = (['start', 'drain', 'stop'] as const).flatMap((phase) => hooksOf(type.prototype, phase, replaces));
    if (hook !== undefined) throw hookNeedsSingleton(maker, String(hook), definition.scope);
  }
}
