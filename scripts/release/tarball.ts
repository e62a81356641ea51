/** What must hold for a packed package before it is uploaded. */
import { execFileSync } from 'node:child_process';
import { UNSET_URL } from './repository.js';

interface Manifest {
  readonly repository?: { readonly url?: string };
  readonly bugs?: unknown;
  readonly homepage?: unknown;
}

/** What is missing in a tarball, or in it by mistake; empty if it can be published. */
export function tarballProblems(tarball: string): string[] {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
  const read = (file: string) => execFileSync('tar', ['-xzOf', tarball, `package/${file}`], { encoding: 'utf8' });
  const manifest = JSON.parse(read('package.json')) as Manifest;
  return [
    ...['LICENSE', 'README.md', 'package.json'].filter((file) => !files.includes(`package/${file}`)).map((file) => `${file} is missing`),
    ...files.filter((file) => file.endsWith('.tsbuildinfo')).map((file) => `${file} is the compiler's, not for users`),
    ...(['repository', 'bugs', 'homepage'] as const)
      .filter((key) => manifest[key] === undefined)
      .map((key) => `package.json has no ${key}`),
    ...['package.json', 'README.md']
      .filter((file) => read(file).includes(UNSET_URL))
      .map((file) => `${file} holds the placeholder of the repository's URL`),
  ];
}
