/** A scraper in a process of its own: reads an answer to its last byte, and says how long that took and how many bytes it was. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';

export interface ScrapeRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Scraped {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Scrapes one after the other. */
export class Scraper {
  readonly #child = fork(fileURLToPath(import.meta.url), ['scrape'], { execArgv: [] });

  async scrape(request: ScrapeRequest): Promise<Scraped> {
    this.#child.send(request);
    const [scraped] = (await once(this.#child, 'message')) as [Scraped];
    return scraped;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

function read({ url, headers = {} }: ScrapeRequest): Promise<Scraped> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ milliseconds: performance.now() - start, bytes }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

if (process.argv[2] === 'scrape' && process.send !== undefined) {
  process.on('message', async (request: ScrapeRequest) => {
    process.send?.(await read(request));
  });
}
