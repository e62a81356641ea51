/** Streams: what returns one is over when it has returned it. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

class Files {
  node(): Readable {
    return Readable.from(['a', 'b']);
  }
  web(): ReadableStream<string> {
    return new ReadableStream({
      start(controller) {
        for (const chunk of ['a', 'b']) controller.enqueue(chunk);
        controller.close();
      },
    });
  }
  failing(): Readable {
    return new Readable({ read: () => undefined }).destroy(new Error('cut'));
  }
  async *lines(): AsyncGenerator<string> {
    yield 'c';
    yield 'd';
  }
}

const make = () => new Files();

describe('A stream that a method returns', () => {
  test('is handed on untouched: the call is over', async () => {
    const counted = await playedAlike({
      make,
      script: async (files, { advance }) => {
        const [node, web] = [files.node(), files.web()];
        advance(5);
        let read = await text(node);
        for await (const chunk of web) read += chunk;
        return read;
      },
    });
    expect(counted).toEqual({ node: calls(1, 0), web: calls(1, 0) });
  });

  test('fails for its reader, and not for the method', async () => {
    const counted = await playedAlike({ make, script: (files) => text(files.failing()) });
    expect(counted).toEqual({ failing: calls(1, 0) });
  });

  test('made of an async generator ends that generator: `take` does it by throwing into it', async () => {
    const counted = await playedAlike({
      make,
      script: async (files, { advance }) => {
        const all = Readable.from(files.lines());
        advance(5);
        const [first] = await all.take(1).toArray();
        return [first, await text(Readable.from(files.lines()))];
      },
    });
    expect(counted).toEqual({ lines: calls(1, 1, 5) });
  });
});
