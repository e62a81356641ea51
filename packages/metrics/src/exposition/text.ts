/** Prometheus's text format, version 0.0.4. */
import { escapeHelp, formatNumber } from './escape.js';
import type { Format } from './format.js';
import { linesFormat } from './lines.js';

/** The content type of the text format. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const TEXT_FORMAT: Format = linesFormat({
  contentType: PROMETHEUS_CONTENT_TYPE,
  end: '',
  begin: ({ name, help, textType }) => ({
    header: `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${textType}\n`,
    formatBound: formatNumber,
    family: undefined,
  }),
});
