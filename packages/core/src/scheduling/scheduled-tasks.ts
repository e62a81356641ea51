/** Finds the scheduled tasks of an application's components. */

import type { Class, ComponentDefinition } from '../components/definition.js';
import { nameOf } from '../errors/wording.js';
import { scheduledParameters, scheduledRequestScope, scheduleOnce, schedulePerWorker } from './errors.js';
import type { TaskRun } from './fleet/lease-store.js';
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
  const declared = type.prototype[method] as (run?: TaskRun) => unknown;
  const leaseMs = leaseOf(options, where);
  if (declared.length > (leaseMs === undefined ? 0 : 1)) throw scheduledParameters(where, declared.length);
  const trigger = triggerOf(options, where);
  const name = options.name ?? `${component.name}.${method}`;
  // The method is looked up on the instance at each run, because extensions may have wrapped it there.
  const invoke = (run?: TaskRun): unknown => {
    const instance = instanceFor(component) as Record<'method', typeof declared>;
    return run === undefined ? instance[method as 'method']() : instance[method as 'method'](run);
  };
  return {
    definition: { name, trigger: trigger.description, component, method },
    trigger,
    perWorker: perWorkerOf(options, where),
    invoke,
    leaseMs,
  };
}

function perWorkerOf({ perWorker = false }: ScheduleOptions, where: string): boolean {
  if (typeof perWorker !== 'boolean') throw schedulePerWorker(where, perWorker);
  return perWorker;
}

const LEASE_MS = 30_000;
const SHORTEST_LEASE_MS = 300;
const LONGEST_LEASE_MS = 86_400_000;

/** The lease of a task that runs once in a fleet; undefined for others. */
function leaseOf({ once, leaseMs, perWorker }: ScheduleOptions, where: string): number | undefined {
  if (once !== undefined && once !== 'fleet') throw scheduleOnce({ where, key: 'once', value: once, allowed: "'fleet', or no once" });
  if (once !== undefined && perWorker === true)
    throw scheduleOnce({ where, key: 'perWorker', value: perWorker, allowed: "false, together with once: 'fleet'" });
  if (leaseMs === undefined) return once === undefined ? undefined : LEASE_MS;
  const allowed = `milliseconds from ${SHORTEST_LEASE_MS} to ${LONGEST_LEASE_MS}, together with once: 'fleet'`;
  const isInRange = typeof leaseMs === 'number' && leaseMs >= SHORTEST_LEASE_MS && leaseMs <= LONGEST_LEASE_MS;
  if (once === undefined || !isInRange) throw scheduleOnce({ where, key: 'leaseMs', value: leaseMs, allowed });
  return leaseMs;
}
