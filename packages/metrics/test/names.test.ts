/** Names that the format, or Prometheus for itself, does not allow are refused where a metric is made. */
import { Counter, Gauge, Histogram } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { openRegistry, thrownBy, untyped } from './support/open-registry.js';

test.each(['a', 'A9', '_a', 'a:b', ':a', 'constructor', '__proto__', 'toString', 'a'.repeat(500)])('%s is a metric name', (name) => {
  const { registry } = openRegistry();
  expect(registry.counter({ name, help: 'Help.' })).toBe(registry.counter({ name, help: 'Help.' }));
});

test.each(['', '9a', 'a-b', 'a.b', 'a b', 'ä', 'a\n', ' a', 'a{b="1"}', undefined, null, 5, {}, Symbol('a')])(
  '%s is no metric name',
  (name) => {
    for (const make of [
      () => openRegistry().registry.counter({ name: untyped(name), help: 'Help.' }),
      () => new Counter({ registers: [], name: untyped(name), help: 'Help.' }),
      () => new Gauge({ registers: [], name: untyped(name), help: 'Help.' }),
      () => new Histogram({ registers: [], name: untyped(name), help: 'Help.' }),
    ]) {
      expect(thrownBy(make)).toMatchObject({
        code: 'TSK_ERR_METRIC_NAME',
        message: expect.stringMatching(/ is not a metric name\. Use letters, digits and underscores/s),
      });
    }
  },
);

test.each(['a', 'A9', '_a', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'length'])('%s is a label name', (label) => {
  expect(new Counter({ registers: [], name: 'c_total', help: 'C.', labelNames: [label] }).labelNames).toEqual([label]);
});

test.each(['', '9a', 'a-b', 'a:b', 'ä', '__a', '__proto__', '__name__', 'le', 'quantile', undefined, null, 5])(
  '%s is no label name',
  (label) => {
    for (const kind of [Counter, Gauge, Histogram]) {
      expect(thrownBy(() => new kind({ registers: [], name: 'c_total', help: 'C.', labelNames: [untyped<string>(label)] }))).toMatchObject({
        code: 'TSK_ERR_METRIC_LABEL_NAME',
        message: expect.stringMatching(/^c_total: .+ is not a label name\./),
      });
    }
  },
);

test('one label name twice is refused', () => {
  expect(thrownBy(() => new Counter({ registers: [], name: 'c_total', help: 'C.', labelNames: ['a', 'b', 'a'] })).message).toContain(
    'c_total: "a"',
  );
});

test.each(['abc', 5, { a: 1 }])('labelNames %j is no list', (labelNames) => {
  expect(thrownBy(() => new Counter({ registers: [], name: 'c_total', help: 'C.', labelNames: untyped<string[]>(labelNames) })).code).toBe(
    'TSK_ERR_METRIC_LABEL_NAME',
  );
});

test('label names are copied', () => {
  const labelNames = ['a'];
  const counter = new Counter({ registers: [], name: 'c_total', help: 'C.', labelNames });
  labelNames.push('b');
  expect(counter.labelNames).toEqual(['a']);
});
