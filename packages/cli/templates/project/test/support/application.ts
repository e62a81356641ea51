/** The application as the tests start it: as it is, but quiet, and each test has its own. */
import { type Application, createApplication } from 'tsukimi';
import { onTestFinished } from 'vitest';
import { BookApplication } from '../../src/application.js';

/** Starts an application for one test, and closes it when the test has finished. It does not listen: ask it with `inject`. */
export async function startApplication(): Promise<Application> {
  const application = await createApplication(BookApplication, {
    configuration: new URL('../../application.yml', import.meta.url),
    environment: { TSUKIMI_LOGGING_LEVEL: 'silent' },
  });
  onTestFinished(() => application.close());
  return application;
}

/** The lines of one metric, as Prometheus would read them. */
export async function linesOf(application: Application, metric: string): Promise<string[]> {
  const { body } = await application.inject('/metrics/prometheus');
  return body.split('\n').filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
}
