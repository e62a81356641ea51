/** Which test files run with others in one process, which alone, and which with one version of Node only. */

/** All test files. */
export const ALL: readonly string[] = ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'];

/** Files that need a process of their own. All others share one for each core, which saves loading every module again for every file. */
export const ALONE: readonly string[] = [
  // They ask for every class that the process knows, evaluate modules again, or declare classes that every application warns of.
  'packages/core/test/application/replace.test.ts',
  'packages/core/test/application/select-components.test.ts',
  'packages/core/test/components/copies-of-core.test.ts',
  'packages/core/test/components/evaluated-again.test.ts',
  'packages/core/test/reference/configuration.test.ts',
  'packages/core/test/web/route-conflicts.test.ts',
  'packages/core/test/web/server.test.ts',
  'test/run-once-guide.test.ts',
  'packages/instrumentation/test/docs/outgoing-http.test.ts',
  // They look at what the whole process has: its channels, warnings, timers, CPU time and memory.
  'packages/core/test/errors/unloggable-errors.test.ts',
  'packages/instrumentation/test/calls/memory.test.ts',
  'packages/instrumentation/test/extension/extension.test.ts',
  'packages/instrumentation/test/extension/many-applications.test.ts',
  'packages/instrumentation/test/http/sum.test.ts',
  'packages/instrumentation/test/http-client/measure-http-client.test.ts',
  'packages/instrumentation/test/http/undone.test.ts',
  'packages/instrumentation/test/system/first-sample.test.ts',
  'packages/instrumentation/test/threads/register-thread.test.ts',
  'packages/instrumentation/test/system/sampler.test.ts',
  'packages/instrumentation/test/system/sampler-failure.test.ts',
  'packages/metrics/test/exposition/shared-scrapes.test.ts',
  'packages/metrics/test/exposition/slices.test.ts',
  'packages/metrics/test/secrets/secrets.test.ts',
  // Where other files have taken profiles before, V8's samples can have the wrapper of its method and not the method. The reason is not found.
  'packages/cli/test/profile/command.test.ts',
  // They trace the whole process, and so requests that other files have left running.
  'packages/opentelemetry/test/docs/**/*.test.ts',
  'packages/opentelemetry/test/traces/**/*.test.ts',
  // They print promises, which have more to print once an AsyncLocalStorage was used in the process.
  'packages/instrumentation/test/calls/identity.test.ts',
  'packages/instrumentation/test/calls/limits.test.ts',
  'packages/instrumentation/test/calls/shapes.test.ts',
];

/** What programs other than this Node decide (Prometheus, npm, the compiler): `.ci/run` asks once, not with every version of Node. */
export const ONCE: readonly string[] = [
  'examples/monitoring-stack/test/alerts.test.ts',
  'examples/monitoring-stack/test/stack-files.test.ts',
  'examples/monitoring-stack/test/stack.test.ts',
  'packages/console/test/browser/**/*.test.ts',
  'packages/dashboards/test/queries/histograms.test.ts',
  'packages/dashboards/test/rules/areas.test.ts',
  'test/benchmarks.test.ts',
  'test/cli-doctor.test.ts',
  'test/cli-init.test.ts',
  'test/compose.test.ts',
  'test/custom-dashboard.test.ts',
  'test/dashboard-machinery.test.ts',
  'test/fleet-tasks.test.ts',
  'test/dashboard-naming.test.ts',
  'test/dashboard-numbers.test.ts',
  'test/dashboard-queries.test.ts',
  'test/generated-files.test.ts',
  'test/postgres-dashboard.test.ts',
  'test/prometheus-schedule.test.ts',
  'test/prometheus-scrape.test.ts',
  'test/quick-start.test.ts',
  'test/remote-write.test.ts',
  'test/house/**/*.test.ts',
  'test/screenshots.test.ts',
  'test/release/**/*.test.ts',
  'test/workers-soak.test.ts',
];

/** The files that take longest on a quiet machine, longest first: they start first, so that all cores are busy to the end. */
export const SLOWEST: readonly string[] = [
  'packages/console/test/browser/accessibility.test.ts',
  'test/cli-init.test.ts',
  'packages/dashboards/test/rules/areas.test.ts',
  'test/workers-soak.test.ts',
  'test/benchmarks.test.ts',
  'packages/console/test/browser/large.test.ts',
  'packages/console/test/browser/page.test.ts',
  'test/quick-start.test.ts',
  'test/fleet-tasks.test.ts',
  'test/cli-doctor.test.ts',
  'test/cli-top.test.ts',
  'packages/core/test/application/run-application.test.ts',
  'packages/instrumentation/test/calls/process.test.ts',
  'packages/instrumentation/test/http/fastify-suite.test.ts',
  'packages/instrumentation/test/real-packages/find-my-way.test.ts',
];
