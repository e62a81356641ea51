/** The reader that judges our exposition has to be strict itself. */
import { expect, test } from 'vitest';
import { parseStrictly } from './strict-parser.js';

const header = '# HELP a_total Help.\n# TYPE a_total counter\n';

test('reads names, labels with escapes, and values', () => {
  expect(parseStrictly(`${header}a_total{b="x\\"\\\\\\ny",c="}, "} 1\na_total +Inf\n`)).toEqual([
    {
      name: 'a_total',
      help: 'Help.',
      type: 'counter',
      samples: [
        { name: 'a_total', labels: { b: 'x"\\\ny', c: '}, ' }, value: 1 },
        { name: 'a_total', labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    },
  ]);
});

test.each([
  ['no line feed at the end', `${header}a_total 1`, 'line feed'],
  ['a sample without a header', 'a_total 1\n', 'Not a header'],
  ['a family twice', `${header}${header}`, 'a_total comes twice'],
  ['a sample twice', `${header}a_total 1\na_total 2\n`, 'The sample comes twice'],
  ['a sample twice, labels in another order', `${header}a_total{b="1",c="2"} 1\na_total{c="2",b="1"} 2\n`, 'The sample comes twice'],
  ['a stranger among the samples', `${header}b_total 1\n`, 'stands among'],
  ['empty braces', `${header}a_total{} 1\n`, 'Not a sample'],
  ['a comma at the end', `${header}a_total{b="1",} 1\n`, 'A comma too many'],
  ['a quote that is not escaped', `${header}a_total{b="1"2"} 1\n`, 'Broken labels'],
  ['an unknown escape', `${header}a_total{b="\\t"} 1\n`, 'Broken labels'],
  ['a label twice', `${header}a_total{b="1",b="2"} 1\n`, 'The label b comes twice'],
  ['NaN as JavaScript does not write it', `${header}a_total Nan\n`, 'Not a number'],
  ['Infinity as JavaScript writes it', `${header}a_total Infinity\n`, 'Not a number'],
  ['an empty line', `${header}\na_total 1\n`, 'Not a sample'],
  [
    'a histogram whose buckets fall',
    '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    'not cumulative',
  ],
  ['a histogram without +Inf', '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_sum 1\nh_count 2\n', 'not the count'],
])('refuses %s', (_, text, why) => {
  expect(() => parseStrictly(text)).toThrow(why);
});
