/** Whose a sample is where our own code is on the stack, by call trees as V8 gives them. Real profiles are in cpu-profile.test.ts. */
import { expect, test } from 'vitest';
import { Owners } from '../../src/profile/owners.js';
import type { SampledNode } from '../../src/profile/sampled-tree.js';
import { ShareCount } from '../../src/profile/shares.js';

const OURS = import.meta.resolve('../../src/http/hooks.ts');

let script = 1;

function call(functionName: string, url: string, self: number, ...children: SampledNode[]): SampledNode {
  script += 1;
  return {
    frame: { functionName, url, scriptId: url === '' ? '0' : String(script), lineNumber: 0, columnNumber: 0 },
    self,
    count: self,
    children,
  };
}

test("what the application writes is its own, though our code passes it on to Node; what our code calls itself is measuring's", () => {
  const native = call('writev', '', 40);
  const root = call(
    '(root)',
    '',
    0,
    call(
      'send',
      'file:///app/send.js',
      10,
      call(
        'end',
        OURS,
        5,
        call(
          'end',
          'node:_http_outgoing',
          1,
          call('_writev', 'node:net', 2, call('writevGeneric', 'node:internal/stream_base_commons', 3, native)),
        ),
        call('now', 'node:internal/perf/performance', 7),
        call('handler', 'file:///app/handler.js', 20),
      ),
    ),
  );
  const { measuring, outside, total } = new ShareCount(new Owners(), 'cpu').of(root);
  expect({ measuring: measuring.self, outside: outside.self, total }).toEqual({ measuring: 12, outside: 76, total: 88 });
});
