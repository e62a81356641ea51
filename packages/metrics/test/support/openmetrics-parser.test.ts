/** The reader that judges our OpenMetrics has to be strict itself. */
import { expect, test } from 'vitest';
import { parseOpenMetrics } from './openmetrics-parser.js';

const counter = '# TYPE a counter\n# HELP a Help.\n';
const histogram = '# TYPE h histogram\n# HELP h H.\n';

test('reads metadata, labels with escapes, values and exemplars', () => {
  const text = `# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds x\\"\\n\\\\\na_seconds_total{b="x\\"\\\\\\ny",c="}, "} 1 # {t="# {"} 0.5 123.25\na_seconds_created 12\n# EOF\n`;
  expect(parseOpenMetrics(text)).toEqual([
    {
      name: 'a_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'x"\n\\',
      samples: [
        {
          name: 'a_seconds_total',
          labels: { b: 'x"\\\ny', c: '}, ' },
          value: 1,
          exemplar: { labels: { t: '# {' }, value: 0.5, timestamp: 123.25 },
        },
        { name: 'a_seconds_created', labels: {}, value: 12, exemplar: undefined },
      ],
    },
  ]);
  expect(parseOpenMetrics('# EOF\n')).toEqual([]);
});

test.each([
  ['no end', counter, 'EOF'],
  ['a lone surrogate', `${counter}a_total{b="\ud800"} 1\n# EOF\n`, 'Unicode'],
  ['a sample without a family', 'a_total 1\n# EOF\n', 'without a TYPE'],
  ['a family without a type', '# HELP a A.\na 1\n# EOF\n', 'without a TYPE'],
  ['an unknown type', '# TYPE a untyped\n# EOF\n', 'No type'],
  ['metadata of two families', '# TYPE a gauge\n# HELP b B.\n# EOF\n', 'two families'],
  ['help with a bare quote', '# TYPE a gauge\n# HELP a "A"\n# EOF\n', 'not escaped'],
  ['a unit that is no suffix', '# TYPE a gauge\n# UNIT a seconds\n# EOF\n', 'does not end in its unit'],
  ['a unit on an info', '# TYPE a_seconds info\n# UNIT a_seconds seconds\n# EOF\n', 'may not have a unit'],
  ['a family twice', `${counter}${counter}# EOF\n`, 'is of two families'],
  ['a gauge called as what a counter creates', `${counter}# TYPE a_created gauge\n# EOF\n`, 'a_created is of two families'],
  ['a counter without _total', `${counter}a 1\n# EOF\n`, 'stands among'],
  ['an info without _info', '# TYPE a info\na 1\n# EOF\n', 'stands among'],
  ['a negative counter', `${counter}a_total -1\n# EOF\n`, 'a_total is -1'],
  ['a counter that is NaN', `${counter}a_total NaN\n# EOF\n`, 'a_total is NaN'],
  ['a sample twice', `${counter}a_total 1\na_total 2\n# EOF\n`, 'The sample comes twice'],
  [
    'metrics that are interleaved',
    `${counter}a_total{b="1"} 1\na_total{b="2"} 1\na_created{b="1"} 1\na_created{b="2"} 1\n# EOF\n`,
    'interleaved',
  ],
  ['an exemplar on a gauge', '# TYPE a gauge\na 1 # {t="x"} 1\n# EOF\n', 'may not have an exemplar'],
  ['an exemplar that is too long', `${counter}a_total 1 # {t="${'x'.repeat(128)}"} 1\n# EOF\n`, 'too long'],
  ['an exemplar outside of its bucket', `${histogram}h_bucket{le="1.0"} 1 # {t="x"} 2\nh_bucket{le="+Inf"} 1\n# EOF\n`, 'outside'],
  ['a bound that is not canonical', `${histogram}h_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\n# EOF\n`, 'Not a canonical number: 1'],
  ['buckets that fall', `${histogram}h_bucket{le="1.0"} 2\nh_bucket{le="+Inf"} 1\n# EOF\n`, 'do not rise'],
  ['no bucket +Inf', `${histogram}h_bucket{le="1.0"} 2\n# EOF\n`, 'no bucket +Inf'],
  ['a sum without a count', `${histogram}h_bucket{le="+Inf"} 1\nh_sum 1\n# EOF\n`, 'one of sum and count'],
  ['a sum with buckets below 0', `${histogram}h_bucket{le="-1.0"} 0\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# EOF\n`, 'below 0'],
  ['a count that is not the last bucket', `${histogram}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n# EOF\n`, 'not its +Inf bucket'],
  ['a state that is neither', '# TYPE a stateset\na{a="x"} 2\n# EOF\n', 'The state a is 2'],
  ['a state without a name', '# TYPE a stateset\na 1\n# EOF\n', 'names no state'],
  ['an info that is not 1', '# TYPE a info\na_info 2\n# EOF\n', 'The info a_info is 2'],
  ['an empty line', `${counter}\na_total 1\n# EOF\n`, 'Not a sample'],
  ['a comma at the end', `${counter}a_total{b="1",} 1\n# EOF\n`, 'A comma too many'],
  ['a label twice', `${counter}a_total{b="1",b="2"} 1\n# EOF\n`, 'The label b comes twice'],
])('refuses %s', (_, text, why) => {
  expect(() => parseOpenMetrics(text)).toThrow(why);
});
