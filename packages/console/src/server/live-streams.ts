/** The event streams of open pages. What a view has to tell is made once for all pages that show it. */
import type { ServerResponse } from 'node:http';
// Not the globals, which a test may have replaced: sockets use real time.
import { clearTimeout, setTimeout } from 'node:timers';
import { unfaked } from '@tsukimi/metrics';
import type { LiveEvent } from '../api-types.js';
import type { ViewQuery } from '../views/views.js';
import { SentState } from './changes.js';

export const MOST_STREAMS = 50;

/** An event, because browsers do not show comments of a stream to the page: it takes the connection for dead when nothing comes. */
const ALIVE = eventText('alive', {});

/** How long a reader may take for what was sent to it, in ticks of a second. */
const MOST_LATE_TICKS = 10;
const HEARTBEAT_TICKS = 10;
const RETRY_MS = 2000;
const LONGEST_END_MS = 1000;

/** A view takes at most this share of the time: what took 50 ms is made again after a second. */
const MOST_BUSY = 0.05;

/** What is used of a response: of HTTP/1 and of HTTP/2. */
export type StreamResponse = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableNeedDrain' | 'on' | 'writeHead'>;

interface Stream {
  readonly response: StreamResponse;
  /** Ticks in which it could not take more. */
  late: number;
  /** It missed a change, and gets the whole state. */
  isBehind: boolean;
  idleTicks: number;
}

interface Group {
  readonly query: ViewQuery;
  readonly sent: SentState;
  readonly streams: Set<Stream>;
  state: object;
  /** Milliseconds of the clock before which it is not made again. */
  notBefore: number;
}

export interface LiveStreamsOptions {
  /** Makes the state of a view, with what identifies it. */
  stateOf(query: ViewQuery): object;
  /** Called if a view fails. Its pages are closed, and ask again. */
  onError(error: unknown): void;
  /** In milliseconds. */
  readonly clock: () => number;
}

export class LiveStreams {
  readonly #groups = new Map<string, Group>();
  readonly #options: LiveStreamsOptions;
  #count = 0;

  constructor(options: LiveStreamsOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#count >= MOST_STREAMS;
  }

  get count(): number {
    return this.#count;
  }

  /** Sends the state now, and its changes from now on. The response must have no head yet. */
  open(query: ViewQuery, response: StreamResponse, headers: Readonly<Record<string, string>>): void {
    const group = this.#groupOf(query);
    const stream: Stream = { response, late: 0, isBehind: false, idleTicks: 0 };
    group.streams.add(stream);
    this.#count += 1;
    const gone = (): void => {
      if (!group.streams.delete(stream)) return;
      this.#count -= 1;
      if (group.streams.size === 0) this.#groups.delete(query.key);
    };
    response.on('close', gone).on('error', gone);
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: ${RETRY_MS}\n\n${eventText('state', group.state)}`);
  }

  /** Called after each sample. */
  tick(): void {
    for (const group of [...this.#groups.values()]) {
      try {
        this.#tell(group);
      } catch (error) {
        this.#options.onError(error);
        for (const { response } of [...group.streams]) response.destroy();
      }
    }
  }

  /** Ends all streams, and does not wait for those that can't take it. */
  close(): void {
    for (const { response } of [...this.#groups.values()].flatMap(({ streams }) => [...streams])) {
      if (response.writableNeedDrain) response.destroy();
      else endSoon(response);
    }
  }

  #groupOf(query: ViewQuery): Group {
    let group = this.#groups.get(query.key);
    if (group === undefined) {
      const state = this.#options.stateOf(query);
      const sent = new SentState();
      sent.advance(state as Readonly<Record<string, unknown>>);
      group = { query, sent, streams: new Set(), state, notBefore: 0 };
      this.#groups.set(query.key, group);
    }
    return group;
  }

  #tell(group: Group): void {
    const { clock, stateOf } = this.#options;
    const began = clock();
    let text: string | undefined;
    if (began >= group.notBefore) {
      group.state = stateOf(group.query);
      const change = group.sent.advance(group.state as Readonly<Record<string, unknown>>);
      text = change && eventText('change', change);
      const ended = clock();
      group.notBefore = ended + (ended - began) / MOST_BUSY;
    }
    let whole: string | undefined;
    for (const stream of [...group.streams]) {
      if (!takesMore(stream, text !== undefined)) continue;
      if (stream.isBehind) whole ??= eventText('state', group.state);
      const next = stream.isBehind ? whole : text;
      stream.isBehind = false;
      send(stream, next);
    }
  }
}

/** A reader that can't even take that is not waited for. */
function endSoon(response: StreamResponse): void {
  response.end(eventText('closing', {}));
  const timer = unfaked(setTimeout, 'setTimeout')(() => response.destroy(), LONGEST_END_MS).unref();
  response.on('close', () => unfaked(clearTimeout, 'clearTimeout')(timer));
}

/** Drops a reader that has not taken what was sent long ago. Until then nothing is added to it. */
function takesMore(stream: Stream, hasMore: boolean): boolean {
  if (!stream.response.writableNeedDrain) {
    stream.late = 0;
    return true;
  }
  stream.late += 1;
  stream.isBehind ||= hasMore;
  if (stream.late > MOST_LATE_TICKS) stream.response.destroy();
  return false;
}

function send(stream: Stream, text: string | undefined): void {
  stream.idleTicks = text === undefined ? stream.idleTicks + 1 : 0;
  if (text !== undefined) stream.response.write(text);
  else if (stream.idleTicks % HEARTBEAT_TICKS === 0) stream.response.write(ALIVE);
}

function eventText(event: LiveEvent['event'], data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
