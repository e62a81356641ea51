/** Which methods of an application are measured. */
import { jsonView } from './scrape.js';
import type { Started } from './start.js';

/** The measured methods, as `Component.method`. */
export async function measured({ app }: Started): Promise<string[]> {
  const { components } = (await jsonView(app)).instrumentation;
  return Object.entries<{ methods: object }>(components).flatMap(([name, { methods }]) =>
    Object.keys(methods).map((method) => `${name}.${method}`),
  );
}
