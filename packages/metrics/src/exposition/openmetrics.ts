/** The format OpenMetrics 1.0.0. Samples have the same names as in the text format; only the names of families differ. */
import { unitOf } from '../units.js';
import { escapeLabelValue, formatCanonical } from './escape.js';
import type { Format } from './format.js';
import { linesFormat } from './lines.js';
import type { FamilyHead } from './text-dialect.js';

/** The content type of OpenMetrics. */
export const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** @see https://prometheus.io/docs/specs/om/open_metrics_spec/#text-format */
export const OPENMETRICS_FORMAT: Format = linesFormat({
  contentType: OPENMETRICS_CONTENT_TYPE,
  end: '# EOF\n',
  begin(head, isTaken) {
    const { family, type } = familyOf(head, isTaken);
    const unit = HAS_UNIT.has(type) ? unitOf(family, head.unit) : undefined;
    const unitLine = unit === undefined ? '' : `# UNIT ${family} ${unit}\n`;
    return {
      // Help is escaped like label values, including quotes, unlike in the text format.
      header: `# TYPE ${family} ${type}\n${unitLine}# HELP ${family} ${escapeLabelValue(head.help)}\n`,
      formatBound: formatCanonical,
      family: HAS_CREATED.has(type) ? family : undefined,
    };
  },
});

const HAS_CREATED: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary']);
const HAS_UNIT: ReadonlySet<string> = new Set([...HAS_CREATED, 'gauge']);
const KNOWN: ReadonlySet<string> = new Set([...HAS_UNIT, 'stateset']);

/**
 * Returns the name and type of a family. The family of a counter or info has a name without the suffix of its samples. If that name is taken by
 * another metric, or the metric's name has no such suffix, the family gets a type without rules for names. Its samples always have the same names
 * as in the text format, so that they are the same series in both formats.
 */
function familyOf({ name, type }: FamilyHead, isTaken: (name: string) => boolean): { family: string; type: string } {
  if (type === 'counter') {
    const family = withoutSuffix(name, '_total');
    if (family !== undefined && !isTaken(family) && !isTaken(`${family}_created`)) return { family, type };
  } else if (type === 'info') {
    const family = withoutSuffix(name, '_info');
    return family !== undefined && !isTaken(family) && !isTaken(`${family}_total`) ? { family, type } : { family: name, type: 'gauge' };
  } else if (KNOWN.has(type)) return { family: name, type };
  return { family: name, type: 'unknown' };
}

function withoutSuffix(name: string, suffix: string): string | undefined {
  return name.endsWith(suffix) && name.length > suffix.length ? name.slice(0, -suffix.length) : undefined;
}
