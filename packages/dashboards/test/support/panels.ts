/** A dashboard's model, as the tests look at it. */
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';

export type GridPanel = Panel | RowPanel;

export function isRow(panel: GridPanel): panel is RowPanel {
  return panel.type === 'row';
}

/** Every panel that draws something. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).filter((panel) => !isRow(panel)) as Panel[];
}

/** The titles of the rows, each with those of its panels. */
export function outlineOf(dashboard: Dashboard): Record<string, string[]> {
  const outline: Record<string, string[]> = {};
  let panels: string[] = [];
  for (const panel of dashboard.panels ?? []) {
    if (isRow(panel)) {
      panels = [];
      outline[panel.title ?? ''] = panels;
    } else panels.push(panel.title ?? '');
  }
  return outline;
}

export function targetsOf(panel: Panel): Dataquery[] {
  return (panel.targets ?? []) as Dataquery[];
}

/** The queries of the panel with this title. */
export function queriesOf(dashboard: Dashboard, title: string): string[] {
  const panel = panelsOf(dashboard).find((each) => each.title === title);
  if (panel === undefined) throw new Error(`There is no panel "${title}".`);
  return targetsOf(panel).map(({ expr }) => expr);
}
