/** Recognizes event streams and upgraded connections among responses. */
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { headOf } from '../private-api/node.js';
import type { OpenRequest } from './accounting.js';

/** `sse` for server-sent events, `websocket` for an upgraded connection. */
export type StreamKind = 'sse' | 'websocket';

export const STREAM_KINDS: readonly StreamKind[] = ['sse', 'websocket'];

/** The response of a request. */
export type Answer = ServerResponse | ServerHttp2Stream;

const EVENT_STREAM = /^text\/event-stream\s*(?:;|$)/i;
const EVENT_STREAM_IN_HEAD = /\r\ncontent-type:[ \t]*text\/event-stream[ \t]*[;\r]/i;
const LENGTH_IN_HEAD = /\r\ncontent-length:/i;

/** Returns the kind of stream of a request, as far as it is known; undefined for ordinary requests. */
export function streamKindOf({ answer, method, isUpgraded }: OpenRequest): StreamKind | undefined {
  if (isUpgraded?.() === true) return 'websocket';
  if (method === 'HEAD') return undefined;
  return (isHttp2(answer) ? sendsEvents(answer) : writesEvents(answer)) ? 'sse' : undefined;
}

function isHttp2(answer: Answer): answer is ServerHttp2Stream {
  return 'sentHeaders' in answer;
}

function sendsEvents({ sentHeaders }: ServerHttp2Stream): boolean {
  const type = sentHeaders?.['content-type'];
  return type !== undefined && sentHeaders?.['content-length'] === undefined && EVENT_STREAM.test(String(type));
}

/** Whether a response is an event stream. It is called for every response that ends. Most have a content length, and need no look at their head. */
function writesEvents(response: ServerResponse): boolean {
  if (!response.chunkedEncoding && response.shouldKeepAlive) return false;
  const head = headOf(response);
  return head !== undefined && EVENT_STREAM_IN_HEAD.test(head) && !LENGTH_IN_HEAD.test(head);
}
