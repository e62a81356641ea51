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

test('what measures is told apart by what it is for, and what begins it decides', () => {
  const ours = (path: string) => import.meta.resolve(`../../src/${path}.ts`);
  const metrics = import.meta.resolve('../../../metrics/src/read/read-families.ts');
  const page = import.meta.resolve('../../../console/src/history/history.ts');
  const root = call(
    '(root)',
    '',
    0,
    call('method', ours('calls/wrappers/sync-variants'), 1, call('record', metrics, 2)),
    call('begin', ours('http/http1'), 4, call('now', 'node:internal/perf/performance', 8), call('record', metrics, 16)),
    call('sample', page, 32, call('read', metrics, 64)),
    call('read', metrics, 128),
    call('take', ours('system/sampler'), 256),
  );
  const { calls, requests, reading, other, self } = new ShareCount(new Owners(), 'cpu').of(root).measuring;
  expect([calls.self, requests.self, reading.self, other.self, self]).toEqual([3, 28, 224, 256, 511]);
});
