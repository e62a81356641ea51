/** `tsukimi init` as a newcomer has it: the command installed from tarballs, the project it makes installed, tested, started and scraped. */
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ChildProgram } from './support/child-process.js';
import { composeErrors } from './support/compose-schema.js';
import { freePort } from './support/free-port.js';
import { codeBlocksOf } from './support/markdown.js';
import { projectText } from './support/project.js';
import { requireBinary } from './support/server-binary.js';
import { packTarballs, shell } from './support/tarballs.js';

const TIMEOUT_MS = 300_000;
const promtool = requireBinary('promtool');
const BOOK = { title: 'Kokoro', format: 'paper' };

let folder: string;
let packed: readonly string[];
let shop: string;
let url: string;

/** The command as npm installed it, typed in a folder. */
async function tsukimi(words: string, cwd: string): Promise<string> {
  return shell(`${join(folder, 'tool/node_modules/.bin/tsukimi')} ${words}`, cwd);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-init-'));
  shop = join(folder, 'work/shop');
  url = `http://127.0.0.1:${await freePort()}`;
  await mkdir(join(folder, 'tool'));
  await mkdir(join(folder, 'work'));
  packed = await packTarballs(['metrics', 'core', 'instrumentation', 'console', 'tsukimi', 'dashboards', 'cli'], folder);
  await shell(`npm init -y && npm install --prefer-offline ${packed.join(' ')}`, join(folder, 'tool'));
  await tsukimi(`init shop --yes --port ${new URL(url).port}`, join(folder, 'work'));
  // The newcomer gets the packages from the registry; here they come from this checkout.
  const needed = packed.filter((path) => !/tsukimi-(cli|dashboards)-/.test(path));
  await shell(`npm install --prefer-offline ${needed.join(' ')}`, shop);
}, TIMEOUT_MS);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the tarballs', () => {
  it("have the license, and nothing of the compiler's own", async () => {
    expect(packed).toHaveLength(7);
    for (const path of packed) {
      const files = (await shell(`tar -tzf ${path}`, folder)).split('\n');
      expect(files).toContain('package/LICENSE');
      expect(files.filter((file) => file.includes('tsbuildinfo'))).toEqual([]);
      expect(await shell(`tar -xzOf ${path} package/LICENSE`, folder)).toBe(projectText('LICENSE'));
    }
  });
});

describe('the command, installed', () => {
  it('is a program that the system starts', async () => {
    await access(join(folder, 'tool/node_modules/@tsukimi/cli/bin/tsukimi.js'), constants.X_OK);
    expect(await tsukimi('--version', folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('is quiet when nobody reads along to the end', async () => {
    const line = await tsukimi('dashboard 2>&1 | head -n 1', folder);
    expect(line).toBe('{\n');
  });

  it('says by its exit code how it ended', async () => {
    const codes = await tsukimi('init 2> /dev/null || echo $?', join(folder, 'work'));
    expect(codes).toBe('2\n');
    expect(await tsukimi('init shop --port 1 2> /dev/null || echo $?', join(folder, 'work'))).toBe('1\n');
  });
});

describe('the project', () => {
  it(
    'has tests, which pass',
    async () => {
      expect(await shell('NO_COLOR=1 npm test 2>&1', shop)).toMatch(/Tests\s+9 passed \(9\)/);
    },
    TIMEOUT_MS,
  );

  it('is well, as the doctor sees it', async () => {
    expect(await tsukimi('doctor --strict', shop)).toMatch(/^shop has no problems: \d+ checks passed\.$/m);
  });

  it.skipIf(promtool.skipReason)('has a configuration that Prometheus accepts, with its rules', async () => {
    const output = execFileSync(promtool.path, ['check', 'config', 'prometheus.yml'], { cwd: shop, encoding: 'utf8' });
    const rules = await readdir(join(shop, 'prometheus/rules'));
    expect(rules).toContain('slo.yml');
    for (const file of rules) expect(output).toMatch(new RegExp(`Checking prometheus/rules/${file}\n {2}SUCCESS: [1-9]`));
    expect(output).toContain(`SUCCESS: prometheus.yml is valid prometheus config file syntax`);
    expect(output).toContain(`${rules.length} rule files found`);
  });

  it('has a docker-compose.yml that the specification allows', async () => {
    expect(composeErrors(parse(await shell('cat docker-compose.yml', shop)))).toEqual([]);
  });

  it('mounts and copies what exists', async () => {
    const { services } = parse(await shell('cat docker-compose.yml', shop)) as { services: Record<string, { volumes?: string[] }> };
    const volumes = Object.values(services).flatMap((service) => service.volumes ?? []);
    const mounted = volumes.flatMap((volume) => (volume.startsWith('.') ? [volume.split(':')[0] ?? ''] : []));
    expect(mounted).toEqual(['./prometheus.yml', './prometheus/rules', './grafana/provisioning', './grafana/dashboards']);
    const dockerfile = await shell('cat Dockerfile', shop);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied.length).toBeGreaterThan(3);
    for (const path of [...mounted, ...copied]) expect(await shell(`ls -d ${path}`, shop)).not.toBe('');
  });
});

describe('the project, started', () => {
  let program: ChildProgram;

  beforeAll(async () => {
    program = await startShop();
  }, TIMEOUT_MS);

  afterAll(() => stopShop(program));

  it('counts known requests exactly', async () => {
    const add = (body: object) =>
      fetch(`${url}/api/books`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const answers = [
      await add(BOOK),
      await add(BOOK),
      await add({ ...BOOK, format: 'electronic' }),
      await add({ ...BOOK, format: 'clay' }),
    ];
    for (const path of ['/api/books', '/api/books/1', '/api/books/4', '/nowhere']) answers.push(await fetch(url + path));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 400, 200, 200, 404, 404]);
    const lines = (await (await fetch(`${url}/metrics/prometheus`)).text()).split('\n');
    for (const line of EXPECTED) expect(lines).toContain(line);
    const requests = lines.filter((line) => line.startsWith('http_requests_total{') && !line.endsWith(' 0'));
    expect(requests).toEqual(EXPECTED.filter((line) => line.startsWith('http_requests_total{')));
  });

  it('exposes what its dashboard and rules were made for: made anew from it, no file changes', async () => {
    const checked = await tsukimi(`compose --check --from ${url}`, shop);
    expect(new Set(checked.match(/^ {2}[a-z ]+?(?= {2})/gm))).toEqual(new Set(['  up to date']));
  });
});

describe('the guide to it', () => {
  const blocks = codeBlocksOf(projectText('docs/guides/new-project.md')).filter(({ section }) => section === 'Watch the metrics');
  const linesOf = (language: string) =>
    blocks
      .find((block) => block.language === language)
      ?.code.trim()
      .split('\n') ?? [];
  let program: ChildProgram;

  beforeAll(async () => {
    program = await startShop();
  }, TIMEOUT_MS);

  afterAll(() => stopShop(program));

  it('shows what its requests give, and what is then counted', async () => {
    const answers: string[] = [];
    for (const line of linesOf('sh'))
      answers.push(await shell(line.replace('curl', 'curl -s').replace('http://127.0.0.1:8000', url), shop));
    expect(answers).toEqual(linesOf('json'));
    const lines = (await (await fetch(`${url}/metrics/prometheus`)).text()).split('\n');
    expect(linesOf('text').length).toBeGreaterThan(5);
    for (const line of linesOf('text')) expect(lines).toContain(line);
  });
});

async function startShop(): Promise<ChildProgram> {
  const program = new ChildProgram('npm', { args: ['start'], cwd: shop });
  await program.waitForOutput(/Running; Ctrl-C stops it/);
  return program;
}

async function stopShop(program: ChildProgram): Promise<void> {
  // npm does not hand a signal on to what it started; the application's log has its own process.
  const [, pid] = await program.waitForOutput(/"pid":(\d+)/);
  process.kill(Number(pid), 'SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
}

const EXPECTED = [
  'http_requests_total{method="POST",path="/api/books",status="201"} 3',
  'http_requests_total{method="POST",path="/api/books",status="400"} 1',
  'http_requests_total{method="GET",path="/api/books",status="200"} 1',
  'http_requests_total{method="GET",path="/api/books/:bookId",status="200"} 1',
  'http_requests_total{method="GET",path="/api/books/:bookId",status="404"} 1',
  'http_requests_total{method="GET",path="<unmatched>",status="404"} 1',
  'component_calls_total{component="BookRepository",method="insert",status="success"} 3',
  'component_calls_total{component="BookService",method="byId",status="failure"} 1',
  'books_added_total{format="paper"} 2',
  'books_added_total{format="electronic"} 1',
  'slo_events_total{slo="BookController",outcome="good"} 6',
  'slo_events_total{slo="BookController",outcome="bad"} 0',
];
