/** The only contact with the charting library: options in, SVG out. */
import { createRequire } from 'node:module';

/** Options of Apache ECharts. */
export type ChartOptions = Readonly<Record<string, unknown>>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Chart {
  setOption(options: ChartOptions): void;
  renderToSVGString(): string;
  dispose(): void;
}

interface ECharts {
  init(element: null, theme: null, options: Size & { readonly renderer: 'svg'; readonly ssr: true }): Chart;
}

// Not imported: its types need the DOM's, which this project does not have.
const echarts = createRequire(import.meta.url)('echarts') as ECharts;

/** A chart as the inside of an SVG element of that size. */
export function drawChart(options: ChartOptions, { width, height }: Size): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, useUTC: true, ...options });
    return withoutInteraction(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

// A picture has no mouse: what is there for one is half of the text.
function withoutInteraction(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<style ?>[\s\S]*?<\/style>/g, '')
    .replace(/<rect [^>]*fill="none"><\/rect>/, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/ (?:d|transform)="[^"]*"/g, (attribute) => attribute.replaceAll(/(\d+\.\d)\d+/g, '$1'))
    .replaceAll(/\n+/g, '\n')
    .trim();
}
