/** How a field of a panel is shown: the panel's defaults, and what its overrides say. */
import type { FieldDefaultsJson, OverrideJson, PanelJson } from '../../test/support/grafana/dashboard-json.js';
import type { QueriedSeries } from '../../test/support/grafana/run-query.js';

/** A query's answer. */
export interface TargetResult {
  readonly refId: string;
  readonly legendFormat?: string | undefined;
  readonly series: readonly QueriedSeries[];
}

/** A panel, and what its queries gave. */
export interface PanelData {
  readonly panel: PanelJson;
  readonly results: readonly TargetResult[];
}

/** A series with its name in the legend. */
export interface NamedSeries {
  readonly name: string;
  readonly refId: string;
  readonly labels: QueriedSeries['labels'];
  readonly points: QueriedSeries['points'];
  readonly field: FieldDefaultsJson;
}

/** The series of all queries of a panel, in their order. */
export function namedSeries({ panel, results }: PanelData): NamedSeries[] {
  return results.flatMap(({ refId, legendFormat, series }) =>
    series.map(({ labels, points }) => {
      const name = nameOf(labels, legendFormat) || refId;
      const field = fieldOf(panel, { name, refId });
      return { name: field.displayName ?? name, refId, labels, points, field };
    }),
  );
}

/** What a field looks like that has this name and comes from this query. */
export function fieldOf(panel: PanelJson, { name, refId }: { readonly name: string; readonly refId?: string }): FieldDefaultsJson {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const matching = overrides.filter(({ matcher }) => matches(matcher, { name, refId }));
  return matching.flatMap(({ properties }) => properties).reduce<FieldDefaultsJson>(withProperty, defaults);
}

function withProperty(field: FieldDefaultsJson, { id, value }: OverrideJson['properties'][number]): FieldDefaultsJson {
  return id.startsWith('custom.')
    ? { ...field, custom: { ...field.custom, [id.slice('custom.'.length)]: value } }
    : { ...field, [id]: value };
}

function matches({ id, options }: OverrideJson['matcher'], field: { readonly name: string; readonly refId: string | undefined }): boolean {
  if (id === 'byName') return options === field.name;
  if (id === 'byFrameRefID') return options === field.refId;
  if (id === 'byRegexp') return regularExpression(String(options)).test(field.name);
  if (id === 'byNames') return (options as { readonly names?: readonly string[] }).names?.includes(field.name) === true;
  throw new Error(`An override that is matched ${id} is not known to the script that draws.`);
}

/** Grafana writes them with and without slashes. */
export function regularExpression(source: string): RegExp {
  const [, body = source, flags = ''] = /^\/(.*)\/(\w*)$/s.exec(source) ?? [];
  return new RegExp(body, flags);
}

function nameOf(labels: QueriedSeries['labels'], legendFormat: string | undefined): string {
  if (legendFormat !== undefined && legendFormat !== '' && legendFormat !== '__auto') {
    return legendFormat.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
  }
  return Object.entries(labels)
    .filter(([label]) => label !== '__name__')
    .map(([label, value]) => `${label}=${value}`)
    .join(', ');
}
