/** Puts the values of Grafana's variables into a query, as Grafana does. */

/** Of which stretch of time a panel is, and how finely. */
export interface TimeWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Between two points of a panel. */
  readonly stepSeconds: number;
  /** As the data source is told; `$__rate_interval` is four of it or more. */
  readonly scrapeIntervalSeconds: number;
}

/** What is chosen in a variable's list: one value, several, or all where that is a regular expression of its own. */
export type Choice = { readonly values: readonly string[] } | { readonly expression: string };

/** By the variable's name. */
export type Choices = Readonly<Record<string, Choice>>;

// `$name`, `${name}`, `${name:format}`, `[[name]]`: Grafana's own expression.
const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::(\w+))?\}/g;

/**
 * The query that Prometheus gets.
 * @throws an Error for a variable that nobody defined: Grafana would send its name as it stands.
 */
export function interpolate(expression: string, choices: Choices, window: TimeWindow): string {
  const builtIn = builtInVariables(window);
  return expression.replaceAll(VARIABLE, (text: string, ...groups: (string | undefined)[]) => {
    const [plain, bracketed, bracketedFormat, braced, bracedFormat] = groups;
    const name = plain ?? bracketed ?? braced ?? '';
    // `$1` belongs to label_replace.
    if (/^\d+$/.test(name)) return text;
    if (builtIn[name] !== undefined) return builtIn[name];
    const choice = choices[name];
    if (choice === undefined) throw new Error(`The variable ${text} is not defined; the query is ${expression}`);
    return format(choice, bracketedFormat ?? bracedFormat);
  });
}

function builtInVariables({ fromSeconds, toSeconds, stepSeconds, scrapeIntervalSeconds }: TimeWindow): Readonly<Record<string, string>> {
  const rangeSeconds = Math.max(1, Math.round(toSeconds - fromSeconds));
  return {
    __interval: `${stepSeconds}s`,
    __interval_ms: String(stepSeconds * 1_000),
    __rate_interval: `${Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds)}s`,
    __range: `${rangeSeconds}s`,
    __range_s: String(rangeSeconds),
    __range_ms: String(rangeSeconds * 1_000),
  };
}

function format(choice: Choice, name: string | undefined): string {
  if ('expression' in choice) return choice.expression;
  const { values } = choice;
  if (name === 'raw') return values.join(',');
  if (name !== undefined && name !== 'regex') throw new Error(`The format ${name} of a variable is not one that is known here.`);
  const escaped = values.map(escapeForMatcher);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

// Twice: once for the regular expression, once for the string of PromQL that it stands in.
function escapeForMatcher(value: string): string {
  return value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}
