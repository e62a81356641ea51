/** Runs queries, and names each that shows nothing. */
import type { PrometheusServer } from '../prometheus-server.js';
import type { PanelQuery } from './dashboard-json.js';
import { selectorsOf } from './promql-selectors.js';
import { problemOf, type QueryContext, queryAt, runPanelQuery, sentQuery } from './run-query.js';

/**
 * One line for each query of a panel that Prometheus refuses, that gives no data or nothing but NaN, or that reads what does not exist and
 * has something else to show in its place (`or vector(0)`): dashboard, row, panel, query and why.
 */
export async function findProblems(prometheus: PrometheusServer, queries: readonly PanelQuery[], context: QueryContext): Promise<string[]> {
  const problems: string[] = [];
  for (const query of queries) {
    const { dashboard, row, panel, target } = query;
    const problem = await problemOfQuery(prometheus, query, context);
    if (problem !== undefined) problems.push(`${dashboard} > ${row} > ${panel.title} > ${target.refId}: ${problem}: ${target.expr}`);
  }
  return problems;
}

/** Those selectors of an expression that no series has matched within the window. Of a histogram's native and classic selectors, one is enough. */
export async function findMissing(
  prometheus: PrometheusServer,
  expression: string,
  { fromSeconds, toSeconds }: Pick<QueryContext, 'fromSeconds' | 'toSeconds'>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const alternatives of alternativesOf(selectorsOf(expression))) {
    const samples = alternatives.map((selector) => `count_over_time(${selector}[${Math.ceil(toSeconds - fromSeconds)}s])`).join(' or ');
    if ((await queryAt(prometheus, samples, toSeconds)).length === 0) missing.push(alternatives.join(' and no '));
  }
  return missing;
}

/** `x{a="b"}` and `x_bucket{a="b"}` of one expression are the two ways to ask for one thing. */
function alternativesOf(selectors: readonly string[]): string[][] {
  const nativeOf = (selector: string) => selector.replace(/_(?:bucket|count|sum)(?=\{|$)/, '');
  const known = new Set(selectors);
  const groups = new Map<string, string[]>();
  for (const selector of selectors) {
    const key = known.has(nativeOf(selector)) ? nativeOf(selector) : selector;
    groups.set(key, [...(groups.get(key) ?? []), selector]);
  }
  return [...groups.values()];
}

async function problemOfQuery(prometheus: PrometheusServer, query: PanelQuery, context: QueryContext): Promise<string | undefined> {
  try {
    const problem = problemOf(await runPanelQuery(prometheus, query, context));
    const missing = await findMissing(prometheus, sentQuery(query, context), context);
    return missing.length === 0 ? problem : `there is no ${missing.join(', no ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
