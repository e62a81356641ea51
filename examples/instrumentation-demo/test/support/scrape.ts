/** The demo's metrics as Prometheus would read them. */
import type { Application } from 'tsukimi';

/** The samples of one metric, in the order of the scrape: `{"a":"1"} 2` is `[{ a: '1' }, 2]`. */
export async function samplesOf(application: Application, name: string): Promise<[Record<string, string>, number][]> {
  const { payload } = await application.inject({ method: 'GET', url: '/metrics/prometheus' });
  return payload.split('\n').flatMap((line) => {
    const [, metric, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return metric === name ? [[readLabels(labels), Number(value)] as [Record<string, string>, number]] : [];
  });
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}
