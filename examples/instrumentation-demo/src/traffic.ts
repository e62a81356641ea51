/** `npm run traffic`: something to measure. */
import { readTrafficOptions, TrafficOptionError, USAGE } from './traffic/options.js';
import { sendTraffic, type TrafficOptions } from './traffic/run.js';

try {
  const options = readTrafficOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await run(options);
} catch (error) {
  if (!(error instanceof TrafficOptionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function run(options: TrafficOptions): Promise<void> {
  const { url, requests, ratePerSecond, seed } = options;
  console.log(
    `${requests} requests to ${url}, ${ratePerSecond === 0 ? 'as fast as answers come' : `${ratePerSecond} a second`}, seed ${seed}`,
  );
  try {
    console.log(String(await sendTraffic(options)));
  } catch (error) {
    console.error(
      `The demo does not answer at ${url} (${reasonOf(error)}). Start it with "npm start", or name another address with --url.`,
    );
    process.exitCode = 1;
  }
}

// fetch says only "fetch failed"; why is in its cause, which has no message where several addresses were tried.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
