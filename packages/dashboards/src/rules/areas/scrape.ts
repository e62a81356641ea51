/** Rules about scraping: whether the metrics can be read at all. */
import { equal, select } from '../../queries/promql.js';
import type { AlertRule, RuleArea } from '../rule.js';
import type { AreaContext } from './area-context.js';

/** Prometheus's own metric for every target: 1 if the last scrape succeeded. */
const UP = { name: 'up' };

/** The rules on scrapes. For each named job, one alert fires if the job has no target. */
export function scrapeRules({ scope, jobs }: AreaContext): RuleArea {
  const down: AlertRule = {
    alert: 'ScrapeDown',
    expr: `${select(UP, ...scope)} == 0`,
    holdsForSeconds: 300,
    severity: 'page',
    summary: '{{ $labels.instance }} of {{ $labels.job }} cannot be scraped',
    description:
      'Prometheus has received no metrics of {{ $labels.instance }} for 5 minutes, so no other alert on it can fire. First check whether it runs. If it does, check the targets page of Prometheus, and whether metrics.allowed_ips contains the address of Prometheus.',
    reads: [],
  };
  return { name: 'scrape', recordings: [], alerts: [down, ...jobs.map(missing)] };
}

function missing(job: string): AlertRule {
  return {
    alert: 'ScrapeMissing',
    expr: `absent(${select(UP, equal('job', job))})`,
    holdsForSeconds: 300,
    severity: 'page',
    labels: { job },
    summary: '{{ $labels.job }} has no target',
    description:
      'Prometheus has had no target of the job {{ $labels.job }} for 5 minutes, so no alert on it can fire. First check whether an instance is registered in the service discovery of Prometheus, and whether the job was renamed.',
    reads: [],
  };
}
