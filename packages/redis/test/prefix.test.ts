/** The prefix of all keys: what is allowed, and what a cluster needs. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { shareMetrics } from '@tsukimi/redis';
import { expect, onTestFinished, test } from 'vitest';

/** Returns the message that a prefix is refused with; undefined if it is accepted. */
function refusal(prefix: unknown, cluster = false): string | undefined {
  try {
    const shared = shareMetrics(new MetricsRegistry({ onError: () => {} }), {
      url: 'redis://127.0.0.1:1',
      prefix: prefix as string,
      cluster,
    });
    onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => {}));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(['metrics:', '{metrics}:', 'shop{a}b{c}', '%', 'a'.repeat(100)])('%s is a prefix', (prefix) => {
  expect(refusal(prefix)).toBeUndefined();
});

test.each(['', 'my metrics:', 'métriques:', 'a\n', 'a'.repeat(101), 7, null])('%j is none', (prefix) => {
  expect(refusal(prefix)).toMatch(
    /^prefix is .+\. Use a prefix of 1 to 100 letters, digits and other characters without spaces, such as metrics:\.$/,
  );
});

test.each(['{metrics}:', 'shop{metrics}', '{a}{b}', '}{a}'])('%s keeps keys together in a cluster', (prefix) => {
  expect(refusal(prefix, true)).toBeUndefined();
});

test.each(['metrics:', '{}metrics:', '{}{a}', 'metrics:{', 'metrics}:{', '}metrics{:'])('%s does not', (prefix) => {
  expect(refusal(prefix, true)).toMatch(/^prefix is .+\. Use a prefix with a hash tag, such as \{metrics\}:, because/);
});
