/**
 * `npm run release:dry`: makes a release in a copy of the checkout, with a made-up URL, up to the upload.
 *
 * What it checks is what npm would publish: the manifest, the files and the types of each package, as someone who installs it meets them.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tarballProblems } from './tarball.js';

const MADE_UP_URL = 'https://github.com/example/tsukimi';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'tsukimi-release-'));
const copy = join(folder, 'checkout');
const tarballs = join(folder, 'tarballs');

function run(command: string, args: readonly string[], cwd = copy): void {
  console.log(`\n$ ${command} ${args.join(' ')}`);
  execFileSync(command, args, { cwd, stdio: 'inherit' });
}

function output(command: string, args: readonly string[], cwd = copy): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8' });
}

/** The files that git would commit, as they are now. */
function copyCheckout(): void {
  const files = output('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root).split('\0').filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  }
  const git = (...args: string[]) => output('git', ['-c', 'user.name=Release', '-c', 'user.email=release@example.invalid', ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'The checkout');
}

function refuseWhileUnset(): void {
  try {
    execFileSync('npx', ['--no-install', 'tsx', 'scripts/release/check-repository.ts'], { cwd: copy, stdio: 'pipe' });
  } catch {
    return;
  }
  throw new Error('check-repository passed before the URL was set.');
}

try {
  mkdirSync(copy);
  mkdirSync(tarballs);
  copyCheckout();
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline']);
  refuseWhileUnset();
  run('npm', ['run', '--silent', 'repository', '--', MADE_UP_URL]);
  run('npx', ['--no-install', 'tsx', 'scripts/release/check-repository.ts']);
  writeFileSync(join(copy, '.changeset/dry-run.md'), `---\n'tsukimi': minor\n---\n\nA release that is not uploaded.\n`);
  run('npm', ['run', '--silent', 'release:version']);
  // Fails where the lockfile does not fit the new versions.
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--dry-run']);
  run('npm', ['run', '--silent', 'build']);
  run('npm', ['pack', '--silent', '--workspaces', '--if-present', '--pack-destination', tarballs, ...packages()]);
  for (const file of readdirSync(tarballs)) checkTarball(join(tarballs, file));
  console.log('\nEverything but the upload succeeded.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function packages(): string[] {
  return readdirSync(join(copy, 'packages')).map((name) => `--workspace=packages/${name}`);
}

function checkTarball(tarball: string): void {
  const problems = tarballProblems(tarball);
  if (problems.length > 0) throw new Error(`${tarball}:\n  ${problems.join('\n  ')}`);
  run('npx', ['--no-install', 'publint', 'run', '--strict', tarball]);
  run('npx', ['--no-install', 'attw', '--profile', 'esm-only', tarball]);
  run('npm', ['publish', '--dry-run', '--access', 'public', tarball]);
}
