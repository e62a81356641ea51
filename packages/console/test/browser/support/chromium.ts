/** Chromium for tests, screenshots and measurements: without what it does on its own beside. */
import { type Browser, chromium } from 'playwright-core';
import { requireBinary } from '../../../../../test/support/server-binary.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const binary = requireBinary('chromium');

/** For `describe.skipIf()`: undefined where Chromium is there. */
export const { skipReason } = binary;

/** @throws where Chromium is not on PATH */
export async function launchChromium(): Promise<Browser> {
  if (skipReason !== undefined) throw new Error(skipReason);
  return await chromium.launch({ executablePath: binary.path, args: FLAGS, timeout: 60_000 });
}
