/** Which jobs the rules are for, as matchers. */
import { equal, type Matcher, matching } from '../queries/promql.js';

/** What every selector of the rules has; nothing where they are for all jobs. */
export function jobScope(jobs: readonly string[]): readonly Matcher[] {
  const [first, ...others] = jobs;
  if (first === undefined) return [];
  return [others.length === 0 ? equal('job', first) : matching('job', jobs.map(literal).join('|'))];
}

/** A text as a regular expression of RE2 that only it matches. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
