/** Makes lines for people of what the Alertmanager and Grafana send. @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */

interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * One line for each alert: `FIRING RouteFails severity=page path=/red: Requests to /red fail.`
 * @throws an Error for anything else than such a message
 */
export function linesOf(message: unknown): string[] {
  const { alerts } = (message ?? {}) as { readonly alerts?: unknown };
  if (!Array.isArray(alerts) || !alerts.every(isAlert)) throw new Error('This is no message of the Alertmanager: it has no list "alerts".');
  return alerts.map(({ status, labels: { alertname = 'unnamed', ...labels }, annotations = {} }) => {
    const words = [status.toUpperCase(), alertname, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)];
    return oneLine(`${words.join(' ')}: ${annotations['summary'] ?? 'no summary'}`);
  });
}

function isAlert(value: unknown): value is Alert {
  const { status, labels } = (value ?? {}) as Partial<Alert>;
  return typeof status === 'string' && typeof labels === 'object' && labels !== null;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
