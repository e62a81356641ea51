/** Counts and times every run of a scheduled task. */
import { type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';

/** The scheduled runs of one application. */
export class TaskAccounting {
  constructor(private readonly registry: MetricsRegistry) {
    registry.counter(CATALOGUE.taskExecutions);
    registry.histogram(CATALOGUE.taskDuration);
    registry.gauge(CATALOGUE.tasksRunning);
  }

  /** Exposes a task's series at 0, before its first run. */
  expect(task: string): void {
    const { registry } = this;
    registry.gauge(CATALOGUE.tasksRunning).labels({ task });
    registry.histogram(CATALOGUE.taskDuration).labels({ task });
    for (const status of ['success', 'failure']) registry.counter(CATALOGUE.taskExecutions).labels({ task, status });
  }

  /** Runs the task, and settles as it does. */
  async run(task: string, run: () => Promise<void>): Promise<void> {
    const { registry } = this;
    const running = registry.gauge(CATALOGUE.tasksRunning).labels({ task });
    const start = registry.clock();
    let status = 'failure';
    running.inc();
    try {
      await run();
      status = 'success';
    } finally {
      running.dec();
      registry.histogram(CATALOGUE.taskDuration).observe({ task }, secondsBetween(start, registry.clock()));
      registry.counter(CATALOGUE.taskExecutions).inc({ task, status });
    }
  }
}
