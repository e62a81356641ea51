/** Draws a state timeline panel: a lane for each series, filled with the colour of what it was. */
import { drawChart, type Size } from '../chart.js';
import { colorOf, PAGE, thresholdColor } from '../colors.js';
import { type NamedSeries, namedSeries, type PanelData } from '../fields.js';
import { mappedText } from '../mappings.js';
import { element } from '../svg.js';
import { timeAxis } from '../time-axis.js';

interface Stretch {
  readonly lane: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly color: string;
}

/** The part of the charting library's drawing interface that a lane needs. */
interface RenderApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): readonly [number, number];
  size(extent: readonly [number, number]): readonly [number, number];
}

/** The inside of the panel, below its title. */
export function drawStateTimeline(data: PanelData, size: Size): string {
  const all = namedSeries(data);
  const stretches = all.flatMap(stretchesOf);
  const options = {
    grid: { left: 8, right: 14, top: 8, bottom: 4, containLabel: true },
    xAxis: timeAxis(spanOf(stretches), size.width),
    yAxis: {
      type: 'category',
      inverse: true,
      data: all.map(({ name }) => name),
      axisLabel: { color: PAGE.text, fontSize: 11 },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    series: [
      {
        type: 'custom',
        data: stretches.map(({ lane, fromSeconds, toSeconds }) => [lane, fromSeconds * 1_000, toSeconds * 1_000]),
        encode: { x: [1, 2], y: 0 },
        renderItem: ({ dataIndex }: { readonly dataIndex: number }, api: RenderApi) => drawStretch(stretches[dataIndex]?.color ?? '', api),
      },
    ],
  };
  return stretches.length === 0 ? element('g', {}) : drawChart(options, size);
}

function spanOf(stretches: readonly Stretch[]): Pick<Stretch, 'fromSeconds' | 'toSeconds'> {
  return {
    fromSeconds: Math.min(...stretches.map(({ fromSeconds }) => fromSeconds)),
    toSeconds: Math.max(...stretches.map(({ toSeconds }) => toSeconds)),
  };
}

function drawStretch(fill: string, api: RenderApi): unknown {
  const [left, middle] = api.coord([api.value(1), api.value(0)]);
  const [right] = api.coord([api.value(2), api.value(0)]);
  const height = api.size([0, 1])[1] * 0.7;
  return { type: 'rect', shape: { x: left, y: middle - height / 2, width: right - left, height }, style: { fill } };
}

/** Neighbours of one value are one stretch, which ends where the next begins. */
function stretchesOf({ points, field }: NamedSeries, lane: number): Stretch[] {
  const changes = points.filter(([, value], index) => index === 0 || value !== points[index - 1]?.[1]);
  const lastSeconds = points.at(-1)?.[0] ?? 0;
  return changes.map(([fromSeconds, value], index) => {
    const mapped = mappedText(field, value).color ?? thresholdColor(field.thresholds?.steps, value);
    // What is not the case is drawn faint, so that the lane is seen to go on.
    const color = mapped === colorOf('transparent') ? PAGE.grid : mapped;
    return { lane, fromSeconds, toSeconds: changes[index + 1]?.[0] ?? lastSeconds, color };
  });
}
