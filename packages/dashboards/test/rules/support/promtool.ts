/** Rules under promtool: checked, and tested with series that each case brings along. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_RUNBOOK, type RuleFile } from '@tsukimi/dashboards';
import { stringify } from 'yaml';
import { requireBinary } from '../../../../../test/support/server-binary.js';

export const promtool = requireBinary('promtool');

/** Series in Prometheus's notation: `{ 'up{job="shop"}': '1x5 0x10' }`. */
export type SeriesValues = Readonly<Record<string, string>>;

/** What every case has. */
export interface RuleCase {
  /** Why the outcome is what it is, with the arithmetic. */
  readonly why: string;
  readonly series: SeriesValues;
  /** Time since the first sample, such as `10m`. */
  readonly at: string;
  /** From one sample, and one evaluation, to the next; a minute unless given. */
  readonly interval?: string;
}

/** An alert as it is sent, without `alertname`. */
export interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** An alert that fires, all of it or only that it does, or does not. */
export interface AlertCase extends RuleCase {
  readonly alert: string;
  readonly fires: boolean | SentAlert;
}

/** A recording rule and every sample that it gives. */
export interface RecordingCase extends RuleCase {
  readonly record: string;
  /** By labels as they are written: `{job="shop"}`. */
  readonly gives: Readonly<Record<string, number>>;
}

/** How promtool ended, and what it said. */
export interface Verdict {
  readonly exitCode: number;
  readonly output: string;
}

/** Rule files in a folder of their own. */
export class RuleFolder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'tsukimi-rules-'));
  readonly #files: readonly string[];
  #tests = 0;

  constructor(files: readonly RuleFile[]) {
    this.#files = files.map(({ fileName, text }) => {
      const file = join(this.#path, fileName);
      writeFileSync(file, text);
      return file;
    });
  }

  /** `promtool check rules`, with every lint it has as an error. */
  check(): Verdict {
    const { status, stdout, stderr } = spawnSync(promtool.path, ['check', 'rules', '--lint=all', '--lint-fatal', ...this.#files], {
      encoding: 'utf8',
    });
    return { exitCode: status ?? -1, output: stdout + stderr };
  }

  /** `promtool test rules` with one case, and the one file that has its rule. */
  async test(fileName: string, rule: AlertCase | RecordingCase): Promise<Verdict> {
    const { exitCode, output } = await this.#run([this.#write(fileName, rule)]);
    return { exitCode, output: `${rule.at}: ${output}` };
  }

  /** The same for many cases with one promtool, since starting it takes longer than a case; those that fail are tested again alone, for what it says of them. */
  async testAll(cases: readonly (readonly [fileName: string, rule: AlertCase | RecordingCase])[]): Promise<Map<RuleCase, Verdict>> {
    const files = cases.map(([fileName, rule]) => this.#write(fileName, rule));
    const { output } = await this.#run(files);
    const verdicts = new Map<RuleCase, Verdict>();
    for (const [index, [fileName, rule]] of cases.entries()) {
      const passed = output.includes(`Unit Testing:  ${files[index]}\n  SUCCESS\n`);
      verdicts.set(rule, passed ? { exitCode: 0, output: `${rule.at}: SUCCESS` } : await this.test(fileName, rule));
    }
    return verdicts;
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** Writes a case as promtool reads it. @returns the file */
  #write(fileName: string, rule: AlertCase | RecordingCase): string {
    const { series, interval = '1m' } = rule;
    const file = join(this.#path, `test-${this.#tests++}.yaml`);
    const inputs = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    const expected = 'alert' in rule ? expectedAlert(rule) : expectedSamples(rule);
    const tests = [{ interval, input_series: inputs, ...expected }];
    writeFileSync(file, stringify({ rule_files: [join(this.#path, fileName)], evaluation_interval: interval, tests }));
    return file;
  }

  #run(files: readonly string[]): Promise<Verdict> {
    return new Promise((resolve) => {
      execFile(promtool.path, ['test', 'rules', ...files], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
      );
    });
  }
}

function expectedAlert({ alert, at, fires }: AlertCase) {
  if (typeof fires === 'object') {
    const { labels, summary, description } = fires;
    const annotations = { summary, description, runbook_url: `${DEFAULT_RUNBOOK}#${alert.toLowerCase()}` };
    return { alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }] }] };
  }
  const expr = `count(ALERTS{alertname="${alert}", alertstate="firing"})`;
  return { promql_expr_test: [{ expr, eval_time: at, exp_samples: fires ? [{ labels: '{}', value: 1 }] : [] }] };
}

function expectedSamples({ record, at, gives }: RecordingCase) {
  const samples = Object.entries(gives).map(([labels, value]) => ({ labels: `${record}${labels}`, value }));
  return { promql_expr_test: [{ expr: record, eval_time: at, exp_samples: samples }] };
}
