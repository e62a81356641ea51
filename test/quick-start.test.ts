/** Walks the README as a newcomer would: in an empty folder outside the workspace, from packed tarballs, with its own tsconfig. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { satisfies } from 'semver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ChildProgram, startNodeProgram } from './support/child-process.js';
import { cliMain } from './support/cli-program.js';
import { freePort } from './support/free-port.js';
import { type CodeBlock, codeBlocksOf } from './support/markdown.js';
import { projectText } from './support/project.js';
import { packTarballs, shell } from './support/tarballs.js';

const run = promisify(execFile);
const PACKAGES = ['metrics', 'core', 'instrumentation', 'console', 'tsukimi'];
const INSTALL_TIMEOUT_MS = 300_000;

const readme = codeBlocksOf(projectText('README.md'));
const quickStart = readme.filter(({ section }) => section === 'Quick start');

/** A package.json, as far as it is read here. */
interface Installed {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
}

/** The compose file, as far as it is run here. */
interface Composed {
  readonly services: {
    readonly app: { readonly environment: Readonly<Record<string, string>>; readonly healthcheck: { readonly test: readonly string[] } };
  };
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-quick-start-'));
  const app = join(folder, 'app');
  await mkdir(app);
  const packed = await packTarballs(PACKAGES, folder);
  for (const line of linesOf(block(quickStart, 'sh', 0))) {
    // The newcomer gets the packages from the registry; here they come from this checkout.
    await shell(line === 'npm install tsukimi' ? `npm install --prefer-offline ${packed.join(' ')}` : line, app);
  }
  for (const { file, code } of quickStart) if (file !== undefined) await save(join(app, file), code);
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the quick start', () => {
  let program: ChildProgram;
  let url: string;

  beforeAll(async () => {
    const app = join(folder, 'app');
    const [build, start] = block(quickStart, 'sh', 1).trim().split(' && ');
    expect(start).toBe('node dist/app.js');
    await shell(build as string, app);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    program = startNodeProgram('dist/app.js', { cwd: app, environment: { TSUKIMI_SERVER_PORT: String(port) } });
    await program.waitForOutput(/listens on/);
  }, INSTALL_TIMEOUT_MS);

  afterAll(async () => {
    await program?.stop();
  });

  it('answers as the README says', async () => {
    const asked = linesOf(block(quickStart, 'sh', 2)).map((line) => new URL(line.replace('curl ', '')).pathname);
    const answers: string[] = [];
    for (const path of asked) answers.push(await (await fetch(`${url}${path}`)).text());
    expect(answers).toEqual(linesOf(block(quickStart, 'json', 1)));
  });

  it('shows the JSON that the README shows', async () => {
    const shown = JSON.parse(block(section('What you then see'), 'json', 0)) as object;
    const view = (await (await fetch(`${url}/metrics`)).json()) as { instrumentation: { components: { MoonService: object } } };
    expect(withoutTimes(view.instrumentation.components.MoonService)).toEqual(withoutTimes(shown));
  });

  it('exposes the lines that the README shows', async () => {
    const text = await (await fetch(`${url}/metrics/prometheus`)).text();
    for (const line of linesOf(block(section('What you then see'), 'text', 0))) expect(text.split('\n')).toContain(line);
  });
});

describe('the container that tsukimi compose makes of it, as far as that goes without an engine', () => {
  it(
    'is built, starts with its profile, is healthy, and lets its Prometheus read',
    async () => {
      const app = join(folder, 'app');
      const composed = await run(process.execPath, [cliMain(), 'compose'], { cwd: app });
      expect(composed.stdout).not.toContain('does not work yet');
      const dockerfile = await readFile(join(app, 'Dockerfile'), 'utf8');
      const [build = '', image = ''] = dockerfile.split(/^FROM .*$/m).slice(1);
      // Beside the project, so that the tarballs of this checkout are found by the same relative path.
      const container = join(folder, 'container');
      await mkdir(container);
      const copied = [...`${build}${image}`.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
      await shell(`cp -r ${copied.join(' ')} ${container}`, app);
      for (const [, line = ''] of build.matchAll(/^RUN (.+)$/gm)) await shell(line.replace('npm ci', 'npm ci --prefer-offline'), container);

      const { services } = parse(await readFile(join(app, 'docker-compose.yml'), 'utf8')) as Composed;
      const set = Object.fromEntries(
        [...(/^ENV (.*)$/m.exec(image)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
      );
      const [, command = '[]'] = /^CMD (.*)$/m.exec(image) ?? [];
      const [node, ...args] = JSON.parse(command) as string[];
      expect([node, set]).toEqual(['node', { NODE_ENV: 'production', TSUKIMI_PROFILE: 'production' }]);
      const port = String(await freePort());
      const environment = { ...set, ...services.app.environment, TSUKIMI_SERVER_PORT: port };
      await using program = new ChildProgram(process.execPath, { args, cwd: container, environment });
      await program.waitForOutput(/listens on/);
      const [, , ...check] = services.app.healthcheck.test;
      await run(
        process.execPath,
        check.map((word) => word.replace(':8000', `:${port}`)),
      );
      const scrape = await fetch(`http://127.0.0.1:${port}/metrics/prometheus`);
      expect([scrape.status, await scrape.text()]).toEqual([200, expect.stringContaining('application_info{')]);
      expect(await readFile(join(container, 'application-production.yml'), 'utf8')).toContain(' 172.16.0.0/12, 192.168.0.0/16]');
    },
    INSTALL_TIMEOUT_MS,
  );
});

describe('what is installed', () => {
  // What others depend on changes from day to day; the guide to installing tells of it.
  it('are dependencies that all run on the Node.js that the README names', async () => {
    const modules = join(folder, 'app/node_modules');
    const manifest = async (name: string) => JSON.parse(await readFile(join(modules, name, 'package.json'), 'utf8')) as Installed;
    const ours = (await readdir(join(modules, '@tsukimi'))).map((name) => `@tsukimi/${name}`);
    const dependencies = await Promise.all(
      ['tsukimi', ...ours].map(async (name) => Object.keys((await manifest(name)).dependencies ?? {})),
    );
    const names = [...new Set(dependencies.flat())];
    expect(names).toEqual(expect.arrayContaining(['tsyringe', 'fastify', 'prom-client', 'pidusage', 'ipaddr.js']));
    const wanting = await Promise.all(
      names.map(async (name) => {
        const { engines } = await manifest(name);
        return satisfies('20.19.0', engines?.node ?? '*') ? [] : [name];
      }),
    );
    expect(wanting.flat()).toEqual([]);
  });
});

describe('the snippets for applications that exist', () => {
  const snippets = section('Add it to an existing application').filter(({ language }) => language === 'ts');
  const expected = [
    '',
    'component_calls_total{component="CarService",method="find",status="success"} 1',
    'database_writes_total{table="orders"} 3',
  ];

  const numbered = snippets.map((snippet, index) => [index + 1, snippet.code, expected[index] as string] as const);

  beforeAll(async () => {
    const app = join(folder, 'app');
    // Fastify is there already: Tsukimi brings it.
    for (const [number, code] of numbered) await save(join(app, `src/snippet-${number}.ts`), code);
    // The README's project skips the declaration files of its packages; here they are checked, once.
    await shell('npx tsc --skipLibCheck false', app);
  }, INSTALL_TIMEOUT_MS);

  it('are three', () => {
    expect(snippets).toHaveLength(expected.length);
  });

  it.each(numbered)(
    'number %i compiles and runs',
    async (number, _code, output) => {
      const app = join(folder, 'app');
      const { stdout } = await run(process.execPath, [`dist/snippet-${number}.js`], { cwd: app });
      expect(stdout).toContain(output);
    },
    INSTALL_TIMEOUT_MS,
  );
});

function section(name: string): CodeBlock[] {
  return readme.filter((each) => each.section === name);
}

function block(blocks: readonly CodeBlock[], language: string, index: number): string {
  const found = blocks.filter((each) => each.language === language)[index];
  if (found === undefined) throw new Error(`The README has no ${language} block number ${index + 1} here.`);
  return found.code;
}

function linesOf(text: string): string[] {
  return text.trim().split('\n');
}

async function save(path: string, code: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}

/** Times and durations differ from run to run; that they are there, and of their kind, does not. */
function withoutTimes(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (key.endsWith('_ms')) return typeof part === 'number' ? 'a duration' : part;
    return key === 'last_called' && !Number.isNaN(Date.parse(String(part))) ? 'a time' : part;
  });
}
