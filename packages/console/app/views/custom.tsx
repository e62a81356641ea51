/** Every metric of the registry: a list, and of the chosen one a chart and what to ask Prometheus. */

import { useMemo } from 'preact/hooks';
import type { MetricHead, MetricList } from '../../src/api-types.js';
import { useParam } from '../context/page-context.js';
import { useAsked } from '../data/use-asked.js';
import { count } from '../parts/format.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { matches, SearchBox } from '../parts/search-box.js';
import { Empty, Loading } from '../parts/states.js';
import { MetricView } from './metric.js';

/** New metrics appear with what is recorded first. */
const LIST_MS = 10_000;

export function CustomView() {
  const list = useAsked<MetricList>('api/metrics', LIST_MS);
  const [filter] = useParam('filter');
  const [chosen] = useParam('name');
  const shown = useMemo(
    () => (list?.metrics ?? []).filter(({ key, help, labels }) => matches(`${key} ${help} ${labels.join(' ')}`, filter)),
    [list, filter],
  );
  if (list === undefined) return <Loading what="the metrics" />;
  if (list.metrics.length === 0) return <Empty title="The registry has no metrics yet." />;
  const groups = [
    { title: 'Of the application', heads: shown.filter(({ isOwn }) => isOwn) },
    { title: 'Of Tsukimi and Node.js', heads: shown.filter(({ isOwn }) => !isOwn) },
  ].filter(({ heads }) => heads.length > 0);
  const name = chosen === '' ? groups[0]?.heads[0]?.key : chosen;
  return (
    <div class={chosen === '' ? 'metrics' : 'metrics metrics-chosen'}>
      <div class="metrics-list">
        <SearchBox label="Filter metrics" />
        <p class="quiet metrics-count" role="status">
          {shown.length === list.metrics.length
            ? `${count(shown.length)} metrics`
            : `${count(shown.length)} of ${count(list.metrics.length)} metrics`}
        </p>
        <ScrollRegion class="metrics-scroll" label="Metrics">
          {groups.map(({ title, heads }) => (
            <MetricGroup key={title} title={title} heads={heads} chosen={name} />
          ))}
          {groups.length === 0 && <Empty title="Nothing fits the filter." />}
        </ScrollRegion>
      </div>
      <div class="metrics-detail">
        <Link to={{ params: { name: undefined } }} class="back metrics-back">
          <Icon name="back" />
          All metrics
        </Link>
        {name !== undefined && <MetricView key={name} name={name} />}
      </div>
    </div>
  );
}

interface MetricGroupProps {
  readonly title: string;
  readonly heads: readonly MetricHead[];
  readonly chosen: string | undefined;
}

function MetricGroup({ title, heads, chosen }: MetricGroupProps) {
  return (
    <>
      <h2 class="metrics-group">{title}</h2>
      <ul>
        {heads.map(({ key, type, series }) => (
          <li key={key}>
            <Link to={{ params: { name: key } }} class="metrics-link" aria-current={key === chosen ? 'page' : undefined} title={key}>
              <span class="metrics-name">{key}</span>
              <span class="metrics-about">
                {type}, {count(series)} series
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
