/** The components of an application that have started, in that order: start hooks run forwards, stop hooks backwards. */
import type { Blueprint } from '../components/blueprint.js';
import type { ComponentDefinition } from '../components/definition.js';
import { hookNeedsSingleton } from '../errors/application.js';
import { hooksOf, runHooks } from './lifecycle-hooks.js';
import type { StopStep } from './stop.js';

/** Runs the hooks of components, and remembers which have to be stopped. */
export class StartedComponents {
  readonly #constructed: { instance: object; definition: ComponentDefinition }[] = [];
  readonly #waiting = new Set<object>();

  /** A singleton was constructed; to be called in the order of dependencies. */
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

  /** The stop hooks of what has started, in reverse order. What has a start hook that did not run has nothing to stop. */
  stopSteps(): readonly StopStep[] {
    return this.#constructed
      .filter(
        ({ instance, definition }) =>
          !this.#waiting.has(instance) && hooksOf(Object.getPrototypeOf(instance), 'stop', definition.replaces).length > 0,
      )
      .toReversed()
      .map(({ instance, definition }) => ({
        name: `the stop hook of ${definition.name}`,
        run: () => runHooks(instance, 'stop', definition.replaces),
      }));
  }
}

/**
 * Checks that hooks are only on components that the application keeps.
 * @throws TSK_ERR_HOOK_SCOPE
 */
export function checkHooks(blueprints: readonly Blueprint[]): void {
  for (const { definition, maker } of blueprints) {
    if (definition.scope === 'singleton' || definition.type === undefined) continue;
    const { type, replaces } = definition;
    const [hook] = [...hooksOf(type.prototype, 'start', replaces), ...hooksOf(type.prototype, 'stop', replaces)];
    if (hook !== undefined) throw hookNeedsSingleton(maker, String(hook), definition.scope);
  }
}
