/** One of several workers: has the primary add up what this one counts, with what the JSON and the page show besides. */
import type { WorkerLink } from '@tsukimi/core';
import { schedulerView } from '../endpoints/json/scheduler-view.js';
import { instrumenterOf } from '../instrument/instrument.js';
import { lastCallsOf } from '../last-calls.js';
import { addEventLoopLag } from '../workers/event-loop-lag.js';
import { pageFacts } from '../workers/page-facts.js';
import { WorkerReports } from '../workers/worker-reports.js';
import type { MeasuredApplication } from './measured-application.js';

/** Starts to report. @returns what sends the last values, and ends it */
export function reportToPrimary(application: MeasuredApplication, link: WorkerLink): () => Promise<void> {
  const { registry, configuration, context, isWhole } = application;
  const { show_error_messages: showMessages } = configuration.metrics;
  const endLag = isWhole ? addEventLoopLag(registry) : undefined;
  const reports = new WorkerReports({
    link,
    registry,
    facts: () => ({
      ...lastCallsOf(registry),
      kinds: new Map([...instrumenterOf(registry).components.values()].map(({ component, kind }) => [component, kind])),
      tasks: schedulerView(context.scheduler, showMessages).tasks,
      page: pageFacts({ link, registry, tasks: context.scheduler.tasks, checks: context.health.checks }),
    }),
  });
  reports.start();
  return async () => {
    endLag?.();
    reports.stop();
    await reports.send();
  };
}
