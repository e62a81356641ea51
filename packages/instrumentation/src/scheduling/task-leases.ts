/** The metrics of tasks that run once in a fleet. */
import type { Scheduler } from '@tsukimi/core';
import type { Counter, Gauge, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';

/** Shows the leases of a scheduler in a registry. They are read at each scrape. */
export function measureLeases(registry: MetricsRegistry, scheduler: Scheduler): void {
  const counted = new Map<string, number>();
  registry.counter({
    ...CATALOGUE.tasksSkipped,
    collect(this: Counter<'task'>) {
      for (const { task, skipped } of scheduler.leases) {
        this.inc({ task }, skipped - (counted.get(task) ?? 0));
        counted.set(task, skipped);
      }
    },
  });
  registry.gauge({
    ...CATALOGUE.taskLeaseHeld,
    collect(this: Gauge<'task'>) {
      for (const { task, isHeld } of scheduler.leases) this.set({ task }, isHeld ? 1 : 0);
    },
  });
  registry.gauge({
    ...CATALOGUE.taskLeaseAge,
    collect(this: Gauge<'task'>) {
      this.reset();
      for (const { task, heldMs } of scheduler.leases) if (heldMs !== null) this.set({ task }, heldMs / 1000);
    },
  });
}
