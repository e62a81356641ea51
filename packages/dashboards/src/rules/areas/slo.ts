/** Rules about service level objectives: the share of bad events, and alerts on the burn rate of the error budget. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, increase, type Matcher, maxBy, rate, select, sumBy } from '../../queries/promql.js';
import { BUDGET_DAYS, BURN_RATES, type BurnRate, budgetSpent, SLO_WINDOWS, type SloWindow } from '../burn-rates.js';
import { recordedName } from '../recorded-name.js';
import type { AlertRule, RecordingRule, RuleArea } from '../rule.js';
import type { SloDefinition } from '../slo-definitions.js';
import { percent, rounded } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { sloEvents, sloObjective } = CATALOGUE;

const LEVEL = ['job', 'slo'];

/** The share of bad events in a window; no sample if there were no events. */
const badRatio = (window: SloWindow) => recordedName({ level: LEVEL, metric: sloEvents, operation: `bad_ratio_rate${window}` });

/** The rules on objectives; none if there is no objective. Unlike other rules, they do not depend on families. */
export function sloRules({ scope, slos, thresholds }: AreaContext): RuleArea {
  const minimumEvents = thresholds.sloMinimumEvents;
  return {
    name: 'slo',
    recordings: slos.length === 0 ? [] : SLO_WINDOWS.map((window) => recording(window, scope)),
    alerts: slos.flatMap((slo) => [
      ...BURN_RATES.filter(({ factor }) => factor * budgetOf(slo) < 1).map((pace) => burning(slo, pace, { scope, minimumEvents })),
      outdated(slo, scope),
    ]),
  };
}

/** The allowed share of bad events. */
function budgetOf({ objectiveRatio }: SloDefinition): number {
  return rounded(1 - objectiveRatio);
}

function recording(window: SloWindow, scope: readonly Matcher[]): RecordingRule {
  const bad = sumBy(LEVEL, rate(select(sloEvents, ...scope, equal('outcome', 'bad')), window));
  const all = sumBy(LEVEL, rate(select(sloEvents, ...scope), window));
  return { record: badRatio(window), expr: `${bad}\n/ (${all} > 0)`, reads: [] };
}

interface BurningOptions {
  readonly scope: readonly Matcher[];
  readonly minimumEvents: number;
}

function burning(slo: SloDefinition, pace: BurnRate, { scope, minimumEvents }: BurningOptions): AlertRule {
  const { alert, severity, factor, longWindow, shortWindow } = pace;
  const tooMany = (window: SloWindow) => `${select({ name: badRatio(window) }, equal('slo', slo.name))} > ${factor} * ${budgetOf(slo)}`;
  const events = sumBy(LEVEL, increase(select(sloEvents, ...scope, equal('slo', slo.name)), longWindow));
  const enough = minimumEvents === 0 ? '' : `\nand\n${events} >= ${minimumEvents}`;
  return {
    alert,
    expr: `${tooMany(longWindow)}\nand\n${tooMany(shortWindow)}${enough}`,
    // The short window replaces a waiting time.
    holdsForSeconds: 0,
    severity,
    labels: { slo: slo.name },
    summary: `{{ $labels.slo }} of {{ $labels.job }} spends its error budget ${factor === 1 ? 'too fast to last' : `${factor} times too fast`}`,
    description: `{{ $value | humanizePercentage }} of the events of {{ $labels.slo }} were bad in the last ${WINDOWS_IN_WORDS[longWindow]}: ${badMeans(slo)}. The objective of ${percent(slo.objectiveRatio)} allows ${percent(budgetOf(slo))}. At ${factor} times that, ${percent(budgetSpent(pace))} of the budget of ${BUDGET_DAYS} days is spent in that time, and the whole budget in ${spentIn(factor)}. ${FIRST[severity]}`,
    reads: [],
  };
}

const FIRST = {
  page: 'First find out what failed or became slow and roll back the last change, then look for the cause.',
  ticket: 'First find recurring errors and slow calls, and fix them before the next release.',
} as const;

const WINDOWS_IN_WORDS: Readonly<Record<SloWindow, string>> = {
  '5m': '5 minutes',
  '30m': '30 minutes',
  '1h': 'hour',
  '2h': '2 hours',
  '6h': '6 hours',
  '1d': 'day',
  '3d': '3 days',
};

function badMeans({ latencyThresholdSeconds }: SloDefinition): string {
  return latencyThresholdSeconds === undefined ? 'failed' : `failed, or slower than ${rounded(latencyThresholdSeconds * 1000)} ms`;
}

/** How long a budget of 30 days lasts at a burn rate: 50 hours, 5 days. */
function spentIn(factor: number): string {
  const days = rounded(BUDGET_DAYS / factor);
  return Number.isInteger(days) ? `${days} days` : `${rounded((BUDGET_DAYS * 24) / factor)} hours`;
}

function outdated(slo: SloDefinition, scope: readonly Matcher[]): AlertRule {
  const objective = rounded(slo.objectiveRatio);
  const exposed = select(sloObjective, ...scope, equal('slo', slo.name));
  return {
    alert: 'SloRulesOutdated',
    // The same decimal number, written differently, may become two neighbouring binary fractions.
    expr: `abs(${maxBy(LEVEL, exposed)} - ${objective}) > 1e-9`,
    holdsForSeconds: 3600,
    severity: 'ticket',
    labels: { slo: slo.name },
    summary: 'The objective of {{ $labels.slo }} of {{ $labels.job }} differs from the objective of its alerts',
    description: `These rules were generated for an objective of ${percent(slo.objectiveRatio)}, but {{ $labels.job }} exposes a different one. Generate the rules again.`,
    reads: [],
  };
}
