/** Finds the health checks of an application's components. */
import type { ComponentDefinition } from '../components/definition.js';
import { nameOf } from '../errors/wording.js';
import type { CheckParts } from './check.js';
import { checkedOptions, type HealthDefaults } from './check-options.js';
import { healthCheckParameters, healthCheckRequestScope } from './errors.js';
import type { HealthCheckRun } from './health.js';
import { healthChecksOf } from './health-metadata.js';

/** The input of `declaredChecks`. */
export interface CheckSources {
  readonly components: readonly ComponentDefinition[];
  readonly defaults: HealthDefaults;
  /** Returns the instance whose method runs. It is called for every run, so that a transient component gets a new instance. */
  readonly instanceFor: (definition: ComponentDefinition) => object;
}

/**
 * Returns the checks of the components, in order.
 * @throws TSK_ERR_HEALTH_* naming class and method
 */
export function declaredChecks({ components, defaults, instanceFor }: CheckSources): CheckParts[] {
  return components.flatMap((component) => {
    const { type } = component;
    if (type === undefined) return [];
    return healthChecksOf(type, component.replaces).map(({ method, options }) => {
      const where = `${nameOf(type)}.${method}`;
      if (component.scope === 'request') throw healthCheckRequestScope(where);
      const declared = type.prototype[method] as (run: HealthCheckRun) => unknown;
      if (declared.length > 1) throw healthCheckParameters(where, declared.length);
      // The method is looked up on the instance at each run, because extensions may have wrapped it there.
      const run = (given: HealthCheckRun): unknown => (instanceFor(component) as Record<string, typeof declared>)[method]?.(given);
      return { ...checkedOptions(options, { where, name: `${component.name}.${method}`, defaults }), run };
    });
  });
}
