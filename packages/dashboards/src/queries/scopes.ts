/** Matchers that select series: by the dashboard's variables, and by the jobs of the rules. */
import { equal, type Matcher, matching } from './promql.js';

/** The selected instances of the application. */
export const INSTANCES = [matching('job', '$job'), matching('instance', '$instance')] as const;

/** The selected routes of these instances. */
export const ROUTES = [...INSTANCES, matching('path', '$path')] as const;

/** The selected components of these instances. */
export const COMPONENTS = [...INSTANCES, matching('component', '$component')] as const;

/** Returns the matchers of all selectors in the rules; none if they apply to all jobs. */
export function jobScope(jobs: readonly string[]): readonly Matcher[] {
  const [first, ...others] = jobs;
  if (first === undefined) return [];
  return [others.length === 0 ? equal('job', first) : matching('job', jobs.map(literal).join('|'))];
}

/** Returns an RE2 regular expression that matches only a text. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
