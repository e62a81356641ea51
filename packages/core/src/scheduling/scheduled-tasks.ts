/** Finds the scheduled tasks of an application's components. */

import type { Class, ComponentDefinition } from '../components/definition.js';
import { nameOf } from '../errors/wording.js';
import { scheduledParameters, scheduledRequestScope, schedulePerWorker } from './errors.js';
import { type ScheduleDeclaration, type ScheduleOptions, schedulesOf } from './schedule-metadata.js';
import type { ScheduledTask } from './task.js';
import { triggerOf } from './trigger-options.js';

/** The input of `scheduledTasks`. */
export interface TaskSources {
  readonly components: readonly ComponentDefinition[];
  /** Returns the instance whose method runs. It is called for every run, so that a transient component gets a new instance. */
  readonly instanceFor: (definition: ComponentDefinition) => object;
}

/**
 * Returns the tasks of the components, in order.
 *
 * @throws TSK_ERR_SCHEDULING_* naming class and method.
 */
export function scheduledTasks({ components, instanceFor }: TaskSources): ScheduledTask[] {
  return components.flatMap((component) => {
    const { type } = component;
    if (type === undefined) return [];
    return schedulesOf(type, component.replaces).map((schedule) => taskOf({ component, type, schedule, instanceFor }));
  });
}

interface TaskSource {
  readonly component: ComponentDefinition;
  readonly type: Class;
  readonly schedule: ScheduleDeclaration;
  readonly instanceFor: TaskSources['instanceFor'];
}

function taskOf({ component, type, schedule: { method, options }, instanceFor }: TaskSource): ScheduledTask {
  const where = `${nameOf(type)}.${method}`;
  if (component.scope === 'request') throw scheduledRequestScope(where);
  const declared = type.prototype[method] as () => unknown;
  if (declared.length > 0) throw scheduledParameters(where, declared.length);
  const trigger = triggerOf(options, where);
  const name = options.name ?? `${component.name}.${method}`;
  // The method is looked up on the instance at each run, because extensions may have wrapped it there.
  const invoke = (): unknown => (instanceFor(component) as Record<'method', () => unknown>)[method as 'method']();
  return { definition: { name, trigger: trigger.description, component, method }, trigger, perWorker: perWorkerOf(options, where), invoke };
}

function perWorkerOf({ perWorker = false }: ScheduleOptions, where: string): boolean {
  if (typeof perWorker !== 'boolean') throw schedulePerWorker(where, perWorker);
  return perWorker;
}
