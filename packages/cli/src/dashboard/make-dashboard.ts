/** Implements `tsukimi dashboard`. */
import type { CommandContext } from '../command-context.js';
import { deliver } from '../generate/deliver.js';
import { familiesFrom } from '../generate/families.js';
import { dashboardFile } from '../generate/monitoring-files.js';
import { checkFlags, type GenerationFlags, type HistogramFlags, type NamingFlags } from '../generate/options.js';

/** The options, as parsed by commander. */
export interface DashboardFlags extends GenerationFlags, HistogramFlags, NamingFlags {
  readonly title?: string;
  readonly uid?: string;
}

export async function makeDashboard(context: CommandContext, flags: DashboardFlags): Promise<void> {
  checkFlags('dashboard', flags);
  const { title, uid, histograms, naming } = flags;
  const file = dashboardFile({ title, uid, histograms, naming, families: await familiesFrom(context, flags.from) });
  await deliver(context, { files: [file], oneText: () => file.text }, flags);
}
