/** Which series are looked at: those that the dashboard's variables have picked, those of the jobs that rules are for, and those of requests that failed. */
import { equal, type Matcher, matching } from './promql.js';

/** The application's instances. */
export const INSTANCES = [matching('job', '$job'), matching('instance', '$instance')] as const;

/** The routes among them. */
export const ROUTES = [...INSTANCES, matching('path', '$path')] as const;

/** The components among them. */
export const COMPONENTS = [...INSTANCES, matching('component', '$component')] as const;

/** What the server answers with where it failed. Not 499: there the client left. */
export const FAILED_STATUS = matching('status', '5..');

/** What every selector of the rules has; nothing if they are for all jobs. */
export function jobScope(jobs: readonly string[]): readonly Matcher[] {
  const [first, ...others] = jobs;
  if (first === undefined) return [];
  return [others.length === 0 ? equal('job', first) : matching('job', jobs.map(literal).join('|'))];
}

/** A text as a regular expression of RE2 that only it matches. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
