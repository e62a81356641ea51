/** The real PostgreSQL that all test files of a run share. */
import { inject } from 'vitest';

/**
 * The URL of a PostgreSQL that all test files of a run share: `DATABASE_URL` if it is set; otherwise the first file that asks has one started, and the
 * run ends it. Use a schema of your own: `?options=-csearch_path%3Dmy_schema`.
 */
export async function sharedPostgres(): Promise<string> {
  const answer = await fetch(inject('postgresBroker'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
