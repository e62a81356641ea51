/** Rules about the calls of component methods: rates, failures, durations. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, rate, select, shareOf, sumBy } from '../../queries/promql.js';
import { recordedName } from '../recorded-name.js';
import type { RecordingRule, RuleArea } from '../rule.js';
import { percent } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { componentCalls, componentDuration } = CATALOGUE;

const COMPONENT = ['job', 'component'];
const METHOD = ['job', 'component', 'method'];

const callRate = (level: readonly string[]) => recordedName({ level, metric: componentCalls, operation: 'rate5m' });
const failures = (level: readonly string[]) => recordedName({ level, metric: componentCalls, operation: 'failure_ratio_rate5m' });

/** The rules on components. */
export function componentRules(context: AreaContext): RuleArea {
  const { thresholds } = context;
  return {
    name: 'components',
    recordings: [METHOD, COMPONENT].flatMap((level) => recordings(level, context)),
    alerts: [
      {
        alert: 'ComponentFailuresHigh',
        expr: `${failures(METHOD)} > ${thresholds.componentFailureRatio}\nand\n${callRate(METHOD)} * 300 >= ${thresholds.minimumCallsIn5Minutes}`,
        holdsForSeconds: 600,
        severity: 'ticket',
        summary: '{{ $labels.component }}.{{ $labels.method }} of {{ $labels.job }} fails',
        description: `{{ $value | humanizePercentage }} of the calls of {{ $labels.component }}.{{ $labels.method }} threw or rejected in the last 5 minutes (allowed: ${percent(thresholds.componentFailureRatio)}). First look for its errors in the log, then check its dependencies in the dependency graph: another method may be the cause.`,
        reads: [componentCalls],
      },
    ],
  };
}

function recordings(level: readonly string[], { scope, histograms }: AreaContext): RecordingRule[] {
  const failed = select(componentCalls, ...scope, equal('status', 'failure'));
  return [
    { record: callRate(level), expr: sumBy(level, rate(select(componentCalls, ...scope), '5m')), reads: [componentCalls] },
    {
      record: failures(level),
      expr: shareOf({ part: sumBy(level, rate(failed, '5m')), whole: callRate(level) }),
      reads: [componentCalls],
    },
    ...[95, 99].map((percentile) => ({
      record: recordedName({ level, metric: componentDuration, operation: `p${percentile}_rate5m` }),
      expr: histograms.quantileOf(percentile / 100, { metric: componentDuration, matchers: scope, by: level, window: '5m' }),
      reads: [componentDuration],
    })),
  ];
}
