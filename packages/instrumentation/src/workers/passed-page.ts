/** Passes on from a worker to the primary what browsers ask the live page, and the events of its streams back. */
import type { WorkerLink, WorkerProcesses } from '@tsukimi/core';
import type { OpenedStream, PageAnswer, PageApi, PageStream } from '../console/console.js';

const PAGE = '@tsukimi/instrumentation:page';
const ANSWER_MS = 10_000;

/** What a worker asks. */
type Question = { readonly ask: string } | { readonly open: string; readonly stream: number };

/** What the primary tells of a stream. */
interface Told {
  readonly stream: number;
  /** Undefined at the end. */
  readonly text: string | undefined;
}

/** What a worker tells: nobody reads the stream any more. */
interface Closed {
  readonly closed: number;
}

const pages = new WeakMap<WorkerLink, PageApi>();

/** In a worker: the page of the primary. */
export function pageOfPrimary(link: WorkerLink): PageApi {
  const page = pages.get(link) ?? makePage(link);
  pages.set(link, page);
  return page;
}

function makePage(link: WorkerLink): PageApi {
  const streams = new Map<number, PageStream>();
  let count = 0;
  const close = (stream: number): void => {
    if (streams.delete(stream)) link.tell(PAGE, { closed: stream } satisfies Closed);
  };
  link.onTold(PAGE, (message) => {
    const { stream, text } = message as Told;
    const reader = streams.get(stream);
    if (reader === undefined) return;
    if (text === undefined) {
      streams.delete(stream);
      reader.end();
    } else if (!reader.write(text)) close(stream);
  });
  const asked = (question: Question) => link.ask(PAGE, question, { timeoutMs: ANSWER_MS });
  return {
    ask: async (path) => (await asked({ ask: path })) as PageAnswer,
    async open(query, reader) {
      count += 1;
      const stream = count;
      streams.set(stream, reader);
      try {
        const answer = (await asked({ open: query, stream })) as PageAnswer | { readonly text: string };
        if (!('text' in answer)) streams.delete(stream);
        return 'text' in answer ? { text: answer.text, close: () => close(stream) } : answer;
      } catch (error) {
        close(stream);
        throw error;
      }
    },
  };
}

/** In the primary. */
export function answerPages(workers: WorkerProcesses, page: PageApi): void {
  const byWorker = new Map<number, Map<number, OpenedStream>>();
  workers.onAsked(PAGE, async (message, { incarnation }) => {
    const question = message as Question;
    if ('ask' in question) return await page.ask(question.ask);
    const { open, stream } = question;
    const tell = (text: string | undefined) => workers.tellProcess(incarnation, PAGE, { stream, text } satisfies Told);
    const streams = byWorker.get(incarnation) ?? new Map<number, OpenedStream>();
    const opened = await page.open(open, {
      write: (text) => {
        tell(text);
        return true;
      },
      end: () => {
        streams.delete(stream);
        tell(undefined);
      },
    });
    if (!('text' in opened)) return opened;
    byWorker.set(incarnation, streams.set(stream, opened));
    return { text: opened.text };
  });
  workers.onTold(PAGE, (message, { incarnation }) => {
    const { closed } = message as Closed;
    const streams = byWorker.get(incarnation);
    streams?.get(closed)?.close();
    streams?.delete(closed);
  });
  workers.onEnded(({ incarnation }) => {
    for (const stream of byWorker.get(incarnation)?.values() ?? []) stream.close();
    byWorker.delete(incarnation);
  });
}
