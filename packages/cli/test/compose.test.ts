/** `tsukimi compose`: what it finds out about the project, what it writes, and what it leaves to do. */
import { expect, it } from 'vitest';
import { containerProject, filesBeside } from './support/container-project.js';
import { emptyFolder, filesIn } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

const MAIN = "import { Application, runApplication } from 'tsukimi';\n@Application()\nclass Tea {}\nawait runApplication(Tea);\n";
const manifest = (parts: object) => JSON.stringify({ name: 'tea', type: 'module', ...parts });

async function compose(changes: Readonly<Record<string, string | null>>, ...flags: string[]) {
  const folder = await containerProject(changes);
  const ended = await runTsukimi(['compose', ...flags], { cwd: folder });
  const files = await filesBeside(folder);
  const lines = (files['Dockerfile'] ?? '')
    .split('\n')
    .filter((line) => /^(COPY src|COPY app|COPY --from=build \/app\/(?!package|node)|RUN (?!npm)|RUN npm run|CMD)/.test(line));
  const [, left = ''] = ended.stdout.split('The container does not work yet:\n');
  return { ...ended, folder, files, lines, left };
}

it('outside a project it refuses, and writes nothing', async () => {
  const folder = await emptyFolder();
  const { exitCode, stdout, stderr } = await runTsukimi(['compose'], { cwd: folder });
  expect([exitCode, stdout, await filesIn(folder)]).toEqual([1, '', {}]);
  expect(stderr).toBe(
    `error TSK_ERR_CLI_PROJECT_MISSING: ${folder} has no package.json, so it contains no application to run in a container. Run the command in the folder of the application, pass that folder with -o, or create a project with: tsukimi init\n`,
  );
});

it.each<[string, Readonly<Record<string, string | null>>, readonly string[]]>([
  [
    'a build script and src/main.ts',
    {},
    ['COPY src src', 'RUN npm run build', 'COPY --from=build /app/dist dist', 'CMD ["node", "dist/main.js"]'],
  ],
  [
    'no build script, and src/app.ts',
    { 'package.json': manifest({ devDependencies: { typescript: '7' } }), 'src/main.ts': null, 'src/app.ts': MAIN },
    ['COPY src src', 'RUN npx tsc', 'COPY --from=build /app/dist dist', 'CMD ["node", "dist/app.js"]'],
  ],
  [
    'a start script that names another of two entries',
    {
      'package.json': manifest({ scripts: { build: 'tsc', start: 'exec node --enable-source-maps ./dist/worker.js' } }),
      'src/worker.ts': MAIN,
    },
    ['COPY src src', 'RUN npm run build', 'COPY --from=build /app/dist dist', 'CMD ["node", "dist/worker.js"]'],
  ],
  [
    'other folders, in the tsconfig that the build names',
    {
      'package.json': manifest({ scripts: { build: 'tsc -p tsconfig.build.json' } }),
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "compilerOptions": { "rootDir": "source", "outDir": "build/js" } }',
      'src/main.ts': null,
      'source/server/main.ts': MAIN,
    },
    ['RUN npm run build', 'COPY --from=build /app/build build', 'CMD ["node", "build/js/server/main.js"]'],
  ],
])('builds and starts %s', async (_what, changes, lines) => {
  const made = await compose(changes);
  expect([made.exitCode, made.left, made.lines.filter((line) => !line.startsWith('COPY application'))]).toEqual([0, '', lines]);
});

it('writes the profile that the image sets, with the networks of containers and those who may read already', async () => {
  const { files, left } = await compose({ 'application.yml': 'metrics:\n  allowed_ips: [10.0.0.7]\n' });
  expect(left).toBe('');
  expect(files['application-production.yml']).toContain('  allowed_ips: [127.0.0.1, "::1", 172.16.0.0/12, 192.168.0.0/16, 10.0.0.7]\n');
});

it.each<[string, Readonly<Record<string, string>>]>([
  [
    'flat keys',
    { 'application.yml': 'app.name: tea-shop\nserver.port: 9000\nmetrics.port: 9464\nmetrics.path: /m\nmetrics.allowed_ips: [10.0.0.7]\n' },
  ],
  [
    'flat keys of the profile',
    {
      'application.yml': 'app: { name: x }\nserver: { port: 1 }\nmetrics: { allowed_ips: [10.0.0.7] }\n',
      'application-production.yml': 'app.name: tea-shop\nserver.port: 9000\nmetrics.port: 9464\nmetrics.path: /m\n',
    },
  ],
  [
    'nested keys',
    { 'application.yml': 'app: { name: tea-shop }\nserver: { port: 9000 }\nmetrics: { port: 9464, path: /m, allowed_ips: [10.0.0.7] }\n' },
  ],
])('reads %s as the application does', async (_what, changes) => {
  const { files } = await compose(changes);
  expect(files['Dockerfile']).toContain('EXPOSE 9000');
  expect(files['prometheus.yml']).toContain('metrics_path: /m/prometheus');
  expect(files['prometheus.yml']).toContain('job_name: "tea-shop"');
  expect(files['prometheus.yml']).toContain(':9464');
  if (changes['application-production.yml'] === undefined)
    expect(files['application-production.yml']).toContain('192.168.0.0/16, 10.0.0.7]');
});

it.each([
  ['metrics:\n  path: nowhere\n', 'because the application would not start with it: '],
  ['server.port: x\n', 'because the application would not start with it: server.port: a text of 1 character is not an integer'],
  ['metrics.port: 0\n', 'metrics.port is 0 (application.yml), which means any free port'],
])('refuses %j, with which the application would not start or nobody could find it', async (text, message) => {
  const { exitCode, stderr, files } = await compose({ 'application.yml': text });
  expect([exitCode, files]).toEqual([1, {}]);
  expect(stderr).toContain('TSK_ERR_COMPOSE_CONFIGURATION');
  expect(stderr).toContain(message);
});

it('keeps what is there, and says what is missing in it', async () => {
  const { exitCode, left, files } = await compose({
    'package.json': manifest({ scripts: { start: 'node dist/main.js' } }),
    'package-lock.json': null,
    'application-production.yml': 'metrics:\n  allowed_ips: [127.0.0.1]\n',
    Dockerfile: 'FROM node:20\nRUN npm ci\nRUN npm run build\nENV TSUKIMI_PROFILE=live\nCMD ["node", "dist/server.js"]\n',
  });
  expect([exitCode, files['application-production.yml']]).toEqual([0, 'metrics:\n  allowed_ips: [127.0.0.1]\n']);
  expect(left).toBe(`  Dockerfile: The Dockerfile runs "npm run build", but package.json has no script build.
    Add it: npm pkg set scripts.build=tsc
  Dockerfile: The Dockerfile runs "npm ci", which needs package-lock.json, but the file does not exist.
    Run npm install, and commit package-lock.json.
  Dockerfile: The image starts dist/server.js, but the application's entry file is dist/main.js, compiled from src/main.ts.
    Change the line to: CMD ["node", "dist/main.js"]
  Dockerfile: The image sets the profile live, but there is no application-live.yml: the application does not start.
    Create application-live.yml, which can be empty, or remove TSUKIMI_PROFILE.
`);
  const { stdout } = await runTsukimi(['doctor'], {
    cwd: (await compose({ 'application-production.yml': 'metrics:\n  allowed_ips: [127.0.0.1]\n' })).folder,
  });
  expect(stdout).toContain('application-production.yml:2  error  container\n');
  expect(stdout).toContain(
    'with the profile production contains no address of a container network, so Prometheus in docker-compose.yml cannot read the metrics.',
  );
});
