/** Finds the real servers that tests run against, and installs them where that is possible. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The Debian package that brings each program. */
const DEBIAN_PACKAGES = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-pushgateway': 'prometheus-pushgateway',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  'prometheus-postgres-exporter': 'prometheus-postgres-exporter',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  'redis-server': 'redis-server',
  'victoria-metrics': 'victoria-metrics',
  chromium: 'chromium',
  wrk: 'wrk',
  tmux: 'tmux',
} as const;

/** A program that a test may ask for. */
export type BinaryName = keyof typeof DEBIAN_PACKAGES;

/** The program's path, or the reason why tests that need it are skipped. */
export interface RequiredBinary {
  /** Absolute path; empty where the program is missing. */
  readonly path: string;
  /** For `describe.skipIf(binary.skipReason)`. */
  readonly skipReason: string | undefined;
}

/**
 * Finds a program on PATH; as root on Debian it is installed first.
 *
 * Call it at the top of a test file: where the program is missing it prints one line and returns the reason, for
 * `describe.skipIf(reason)`. With `CI` set, missing is an error, so that nothing is skipped unseen.
 */
export function requireBinary(name: BinaryName): RequiredBinary {
  const found = findOnPath(name) ?? installFromDebian(name);
  if (found.path !== undefined) return { path: found.path, skipReason: undefined };
  const skipReason = `${name} is not on PATH and was not installed: ${found.reason}. Install the package ${DEBIAN_PACKAGES[name]}.`;
  if (isContinuousIntegration()) throw new Error(`Tests may not be skipped in CI. ${skipReason}`);
  console.warn(`skipped: ${skipReason}`);
  return { path: '', skipReason };
}

/** Whether a skipped test counts as a failed one. */
function isContinuousIntegration(): boolean {
  return !['', '0', 'false'].includes(process.env['CI'] ?? '');
}

type Search = { readonly path: string } | { readonly path: undefined; readonly reason: string };

function findOnPath(name: string): { readonly path: string } | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && isExecutable(path)) return { path };
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installFromDebian(name: BinaryName): Search {
  if (process.getuid?.() !== 0) return { path: undefined, reason: 'installing needs root' };
  if (!existsSync('/etc/debian_version')) return { path: undefined, reason: 'this is not a Debian system' };
  // Test files run in parallel processes: the lock lets one install, the others then find the program on PATH.
  const lock = join(tmpdir(), 'tsukimi-test-install.lock');
  const options = { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 } as const;
  const run = spawnSync('flock', [lock, 'bash', '-c', INSTALL_SCRIPT, 'install', name, DEBIAN_PACKAGES[name]], options);
  const path = findOnPath(name);
  if (path !== undefined) return path;
  const lastLine = (run.error?.message ?? run.stderr).trim().split('\n').at(-1);
  return { path: undefined, reason: `apt-get failed (${lastLine || `exit code ${run.status}`})` };
}

// Debian starts a service as soon as its package is installed, unless policy-rc.d forbids it; tests start their own servers.
// The package lists are fetched at most once an hour.
const INSTALL_SCRIPT = `
set -eu
command -v "$1" > /dev/null && exit 0
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
fetched="\${TMPDIR:-/tmp}/tsukimi-test-install.fetched"
if [ -z "$(find "$fetched" -mmin -60 2> /dev/null)" ]; then
  apt-get update > /dev/null
  touch "$fetched"
fi
apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=240 "$2" > /dev/null
`;
