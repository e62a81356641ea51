/** The demo as the tests start it: as it is, but quiet and on a port that the system chooses. */
import { type Application, createApplication } from 'tsukimi';
import { onTestFinished } from 'vitest';
import { DemoApplication } from '../../src/application.js';

/** Starts a demo of its own for one test, and closes it when the test has finished. */
export async function startDemo(): Promise<Application> {
  const application = await createApplication(DemoApplication, {
    configuration: new URL('../../application.yml', import.meta.url),
    environment: { TSUKIMI_SERVER_PORT: '0', TSUKIMI_LOGGING_LEVEL: 'silent' },
  });
  onTestFinished(() => application.close());
  return application;
}

/** An answer, as far as the tests look at it. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function get(application: Application, url: string): Promise<Answer> {
  const response = await application.inject({ method: 'GET', url });
  return { status: response.statusCode, body: response.json() };
}

export async function post(application: Application, url: string, body: unknown): Promise<Answer> {
  const payload = JSON.stringify(body);
  const response = await application.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload });
  return { status: response.statusCode, body: response.json() };
}
