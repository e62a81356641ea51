/** Counts and times every run of a scheduled task. */
import { type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { RunningCount, reporting } from '../kept-series.js';

/** The scheduled runs of one application. */
export class TaskAccounting {
  readonly #running = new Map<string, RunningCount>();

  constructor(private readonly registry: MetricsRegistry) {
    registry.counter(CATALOGUE.taskExecutions);
    registry.histogram(CATALOGUE.taskDuration);
    registry.gauge(CATALOGUE.tasksRunning);
  }

  /** Exposes the series of a task at 0, before its first run. */
  expect(task: string): void {
    const { registry } = this;
    this.#runningOf(task);
    registry.histogram(CATALOGUE.taskDuration).labels({ task });
    this.#expectExecutions(task);
  }

  /** Runs the task, and settles like it. */
  async run(task: string, run: () => Promise<void>): Promise<void> {
    const { registry } = this;
    const running = this.#runningOf(task);
    const start = registry.clock();
    let status = 'failure';
    running.began();
    try {
      await run();
      status = 'success';
    } finally {
      running.ended();
      reporting(registry, () => {
        registry.histogram(CATALOGUE.taskDuration).observe({ task }, secondsBetween(start, registry.clock()));
        this.#expectExecutions(task);
        registry.counter(CATALOGUE.taskExecutions).inc({ task, status });
      });
    }
  }

  #expectExecutions(task: string): void {
    for (const status of ['success', 'failure']) this.registry.counter(CATALOGUE.taskExecutions).labels({ task, status });
  }

  #runningOf(task: string): RunningCount {
    let running = this.#running.get(task);
    if (running === undefined) {
      running = new RunningCount(this.registry, () => this.registry.gauge(CATALOGUE.tasksRunning).labels({ task }));
      this.#running.set(task, running);
    }
    return running;
  }
}
