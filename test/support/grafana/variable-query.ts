/** Asks Prometheus for the values of a dashboard's variables, as Grafana does when it opens. */
import type { PrometheusServer } from '../prometheus-server.js';
import type { DashboardJson, VariableJson } from './dashboard-json.js';
import { type Choice, type Choices, interpolate, type TimeWindow } from './interpolation.js';

/** What stands for "All". */
const ALL = '$__all';

/**
 * The values that a variable offers, by the variable's name; one that depends on another sees that one with everything chosen.
 * The data source has one value, since it is not Prometheus that knows it.
 */
export async function variableValues(
  prometheus: PrometheusServer,
  dashboard: DashboardJson,
  window: TimeWindow,
): Promise<Record<string, readonly string[]>> {
  const values: Record<string, readonly string[]> = {};
  const choices: Record<string, Choice> = {};
  for (const variable of dashboard.templating.list) {
    const offered = variable.type === 'query' ? await askFor(prometheus, variable, { choices, window }) : ['prometheus'];
    values[variable.name] = offered;
    choices[variable.name] = choiceOf(variable, offered, ALL);
  }
  return values;
}

/** Every variable as it is when the dashboard is opened: all, or the first value; but those that are given. */
export function choose(
  dashboard: DashboardJson,
  values: Readonly<Record<string, readonly string[]>>,
  given: Readonly<Record<string, string>> = {},
): Choices {
  return Object.fromEntries(
    dashboard.templating.list.map((variable) => {
      const { name } = variable;
      return [name, choiceOf(variable, values[name] ?? [], given[name] ?? ALL)];
    }),
  );
}

function choiceOf({ includeAll = false, allValue }: VariableJson, offered: readonly string[], chosen: string): Choice {
  if (chosen !== ALL) return { values: [chosen] };
  if (!includeAll) return { values: offered.slice(0, 1) };
  return typeof allValue === 'string' && allValue !== '' ? { expression: allValue } : { values: offered };
}

async function askFor(
  prometheus: PrometheusServer,
  variable: VariableJson,
  { choices, window }: { readonly choices: Choices; readonly window: TimeWindow },
): Promise<readonly string[]> {
  const text = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '');
  const [, metric, label = ''] = /^label_values\((?:(.+),\s*)?(\w+)\)$/.exec(text.trim()) ?? [];
  if (label === '') throw new Error(`The variable ${variable.name} asks in a way that is not known here: ${text}`);
  const parameters = new URLSearchParams({ start: String(window.fromSeconds), end: String(window.toSeconds) });
  if (metric !== undefined) parameters.append('match[]', interpolate(metric, choices, window));
  return prometheus.api<readonly string[]>(`/api/v1/label/${label}/values?${parameters}`);
}
