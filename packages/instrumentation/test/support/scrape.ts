/** Reads the endpoints of an application or server without a socket. */
import type { FastifyInstance } from 'fastify';

interface Inject {
  readonly inject: FastifyInstance['inject'];
}

/** The JSON view; tests look into it at will. */
// biome-ignore lint/suspicious/noExplicitAny: its shape is what the tests are about.
export async function jsonView(app: Inject, path = '/metrics'): Promise<any> {
  const answer = await app.inject({ url: path });
  if (answer.statusCode !== 200) throw new Error(`GET ${path} answered ${answer.statusCode}: ${answer.body}`);
  return answer.json();
}

/** The text, as lines without comments. */
export async function textLines(app: Inject, path = '/metrics/prometheus'): Promise<string[]> {
  const answer = await app.inject({ url: path });
  if (answer.statusCode !== 200) throw new Error(`GET ${path} answered ${answer.statusCode}: ${answer.body}`);
  return answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The lines of one metric. */
export async function linesOf(app: Inject, metric: string): Promise<string[]> {
  return (await textLines(app)).filter((line) => /^\w+/.exec(line)?.[0] === metric);
}

/** The names of all metrics that the text has a TYPE line for. */
export async function metricNames(app: Inject): Promise<string[]> {
  const { body } = await app.inject({ url: '/metrics/prometheus' });
  return [...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name as string);
}
