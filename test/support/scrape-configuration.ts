/** The root prometheus.yml, pointed at a demo that a test started. */
import { projectText } from './project.js';

const CHANGES = { target: 'demo:8000', interval: 'scrape_interval: 5s' };

/** Its text with nothing changed but the demo's target and how often everything is scraped: five times a second. */
export function scrapeConfiguration(target: string): string {
  const text = projectText('prometheus.yml');
  for (const part of Object.values(CHANGES)) {
    if (text.split(part).length !== 2) throw new Error(`prometheus.yml has "${part}" not exactly once: change this file with it.`);
  }
  return text.replace(CHANGES.target, target).replace(CHANGES.interval, 'scrape_interval: 200ms');
}
