/**
 * `npm run pictures`: starts the demo and a Prometheus, sends traffic for three minutes, and draws every row of the built-in dashboard to
 * docs/images from what its queries then give. Needs a build, and Prometheus on PATH.
 *
 * `npm run pictures -- --seconds 30` sends for another time, `--output DIR` draws elsewhere.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStage } from '../../test/support/demo-stage.js';
import type { DashboardJson } from '../../test/support/grafana/dashboard-json.js';
import { projectPath, projectText } from '../../test/support/project.js';
import { requireBinary } from '../../test/support/server-binary.js';
import { drawRow } from './draw-row.js';
import { pictureOf } from './file-name.js';
import { rowDataOf } from './row-data.js';
import { DEMO, sendWaves } from './waves.js';

const SCRAPE_INTERVAL_SECONDS = 2;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '180' }, output: { type: 'string', default: projectPath('docs/images') } },
});
const { path, skipReason } = requireBinary('prometheus');
if (skipReason !== undefined) throw new Error(skipReason);

await using stage = await startStage({ binary: path, demos: { [DEMO]: {} }, scrapeIntervalSeconds: SCRAPE_INTERVAL_SECONDS });
console.log(`Sending traffic for ${values.seconds} s ...`);
await stage.scraped();
const startSeconds = Date.now() / 1_000;
await sendWaves(stage, Number(values.seconds));

// Grafana is told of twice the interval, which makes rates smoother; they begin where they have four such behind them.
const scrapeIntervalSeconds = 2 * SCRAPE_INTERVAL_SECONDS;
const range = { fromSeconds: startSeconds + 4 * scrapeIntervalSeconds, toSeconds: Date.now() / 1_000, scrapeIntervalSeconds };
const dashboard = JSON.parse(projectText('grafana/dashboards/tsukimi.json')) as DashboardJson;
await mkdir(values.output, { recursive: true });
for (const row of await rowDataOf(stage.servers.classic, dashboard, range)) {
  const file = join(values.output, basename(pictureOf(row.title)));
  const svg = drawRow(row);
  await writeFile(file, svg);
  console.log(`${file}  ${Math.ceil(svg.length / 1_024)} KiB`);
}
