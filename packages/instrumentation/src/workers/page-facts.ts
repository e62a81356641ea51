/** What the live page of an application with several workers shows besides their metrics: what a worker tells, and what the primary makes of it. */
import type { HealthCheckState, WorkerLink } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { shownTask } from '../console/add-console.js';
import type { ConsoleSources, ShownTask } from '../console/console.js';
import { type FailedCall, type KeptErrors, lastErrorsOf } from '../last-errors.js';
import type { PageFacts, WorkerFacts } from './channels.js';

/** More errors than a worker has. */
const ERRORS_OF_A_WORKER = 1e9;

/** In a worker. */
export function pageFacts({
  link,
  registry,
  tasks,
  checks,
}: {
  readonly link: WorkerLink;
  readonly registry: MetricsRegistry;
  readonly tasks: readonly ShownTask[];
  readonly checks: readonly HealthCheckState[];
}): PageFacts {
  return {
    tasks: tasks.map(shownTask),
    checks: checks.map(({ name, kind, result }) => ({ name, kind, result })),
    failures: lastErrorsOf(registry).map((call) => ({ ...call, id: link.incarnation * ERRORS_OF_A_WORKER + call.id })),
  };
}

/** In the primary. @param facts those of now */
export function sourcesOf(facts: () => readonly WorkerFacts[]): Pick<ConsoleSources, 'tasks' | 'health' | 'kindOf' | 'lastCalls'> {
  return {
    tasks: () => tasksOf(facts().flatMap(({ page }) => page.tasks)),
    health: {
      get checks() {
        return checksOf(facts().flatMap(({ page }) => page.checks));
      },
    },
    kindOf: (component) => facts().flatMap(({ kinds }) => kinds.get(component) ?? [])[0],
    lastCalls: () => ({ endpoints: facts().flatMap(({ endpoints }) => endpoints), methods: facts().flatMap(({ methods }) => methods) }),
  };
}

export function errorsOf(facts: () => readonly WorkerFacts[]): KeptErrors {
  const all = (isAsked: (call: FailedCall) => boolean): readonly FailedCall[] =>
    facts()
      .flatMap(({ page }) => page.failures.filter(isAsked))
      .sort((one, other) => other.atMs - one.atMs);
  return {
    get all() {
      return all(() => true);
    },
    of: (component, method) => all((call) => call.of === 'method' && call.component === component && call.method === method),
    ofRoute: (route) => all((call) => call.of === 'route' && call.route === route),
  };
}

/** A task runs in one worker at a time: the one that ran last knows how, and all of them count. */
function tasksOf(tasks: readonly ShownTask[]): readonly ShownTask[] {
  const merged = new Map<string, ShownTask>();
  for (const task of tasks) {
    const known = merged.get(task.name);
    if (known === undefined) {
      merged.set(task.name, task);
      continue;
    }
    const newest = (task.lastRun ?? '') > (known.lastRun ?? '') ? task : known;
    merged.set(task.name, {
      ...newest,
      running: task.running || known.running,
      executions: task.executions + known.executions,
      failures: task.failures + known.failures,
      nextRun: [task.nextRun, known.nextRun].filter((each) => each !== null).sort()[0] ?? null,
    });
  }
  return [...merged.values()];
}

/** A check is down if it is down in one worker. */
function checksOf(checks: readonly HealthCheckState[]): readonly HealthCheckState[] {
  const merged = new Map<string, HealthCheckState>();
  for (const check of checks) {
    const known = merged.get(check.name);
    if (known?.result === undefined || (known.result.status === 'up' && check.result?.status === 'down')) merged.set(check.name, check);
  }
  return [...merged.values()];
}
