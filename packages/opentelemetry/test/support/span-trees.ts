/** Shows spans as trees, to be compared as a whole. */
import type { ReceivedSpan } from '../../../../test/support/otlp-receiver.js';

/** A span by its name, with its children in the order in which they began; a name alone where there are none. */
export type SpanTree = string | readonly SpanTree[];

/** What a span needs to stand in a tree. */
export type TreeSpan = Pick<ReceivedSpan, 'name' | 'traceId' | 'spanId' | 'parentSpanId' | 'startNanoseconds'>;

/** Returns the trees of all traces, in the order in which they began. A span whose parent was not received is the first of a tree. */
export function treesOf(spans: readonly TreeSpan[]): SpanTree[] {
  const known = new Set(spans.map(keyOf));
  const sorted = [...spans].sort((one, other) => Number(one.startNanoseconds - other.startNanoseconds));
  const treeOf = (span: TreeSpan): SpanTree => {
    const children = sorted.filter((each) => each.parentSpanId === span.spanId && each.traceId === span.traceId).map(treeOf);
    return children.length === 0 ? span.name : [span.name, ...children];
  };
  return sorted.filter(({ traceId, parentSpanId }) => !known.has(`${traceId}-${parentSpanId}`)).map(treeOf);
}

function keyOf({ traceId, spanId }: Pick<TreeSpan, 'traceId' | 'spanId'>): string {
  return `${traceId}-${spanId}`;
}

/** Returns the only span of a name. */
export function spanOf(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  const [span] = found;
  if (span === undefined || found.length > 1)
    throw new Error(`${found.length} spans have the name ${name}: ${spans.map((each) => each.name)}`);
  return span;
}
