/** What the command writes where it is given secrets, or reads files that hold some. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everythingSaid } from '../../../../test/support/everything-said.js';
import { containerProject } from '../support/container-project.js';
import { emptyFolder } from '../support/folders.js';
import { projectFolder } from '../support/project-folder.js';
import { type RunOptions, runTsukimi } from '../support/run-tsukimi.js';

const CANARY = 'zQ7canary9Kx';
const BODIES: Readonly<Record<string, readonly [string, (authorization: string) => string]>> = {
  '/json': ['application/json', (authorization) => `{ "seen": "${authorization}" }`],
  '/text': ['text/plain', (authorization) => `${authorization}\n`],
  '/sample': ['text/plain', (authorization) => `fine 1\nseen{by="${authorization}" 1\n`],
  '/html': ['text/html', (authorization) => `<p>${authorization}`],
  '/broken': ['application/json', (authorization) => authorization],
};

const server = createServer(({ url = '', headers }, response) => {
  const credentials = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString() || url;
  const [type, body] = Object.entries(BODIES).find(([path]) => url.startsWith(path))?.[1] ?? ['text/plain', () => credentials];
  response.writeHead(200, { 'content-type': type }).end(body(credentials));
});
let host: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** With the stack, and without. */
async function expectSilence(argv: readonly string[], options: RunOptions = {}): Promise<void> {
  for (const environment of [{}, { DEBUG: '1' }]) {
    const said = await everythingSaid(async (stream) => {
      const { stdout, stderr } = await runTsukimi(argv, { ...options, environment });
      stream.write(`${stdout}\n${stderr}`);
    });
    expect(said.trim()).not.toBe('');
    for (const secret of [CANARY, Buffer.from(`ann:${CANARY}`).toString('base64').slice(0, 16)])
      expect(said.toLowerCase().includes(secret.toLowerCase()), said).toBe(false);
  }
}

const ADDRESSES = [
  `ftp://u:${CANARY}@h`,
  `http://u:a/${CANARY}@h`,
  `http://u:a@${CANARY}@h:1x`,
  `http://u:a#${CANARY}@h`,
  `http://u:a:${CANARY}@h:port`,
  `http://u:%${CANARY}@h`,
  `http://u:a?${CANARY}@h`,
  `htp://h/?token=${CANARY}`,
  `u:${CANARY}@h:99999`,
  `postgres://u:${CANARY}@h/db`,
  `http://ann:${CANARY}@127.0.0.1:1`,
  `ann:${CANARY}@127.0.0.1:1`,
  `http://127.0.0.1:1/?password=${CANARY}`,
  ...Object.keys(BODIES).flatMap((path) => [`http://ann:${CANARY}@HOST${path}`, `http://HOST${path}?sig=${CANARY}`]),
];

test.each(ADDRESSES)('an address with a secret, the %#th', async (address) => {
  const given = address.replace('HOST', host);
  await expectSilence(['top', given, '--once']);
  await expectSilence(['dashboard', '--from', given]);
  await expectSilence(['rules', '--from', given]);
});

test.each([
  ['top', `u:${CANARY}@h`, `u:${CANARY}@h`],
  ['top', '--timeout', `u:${CANARY}@h`, 'h'],
  ['dashboard', `http://u:${CANARY}@h`],
])('an address in the wrong place: %j', async (...argv) => {
  await expectSilence(argv);
});

const YAML_FILES = [
  `mail:\n  password: *${CANARY}\n`,
  `mail:\n  password: | ${CANARY}\n`,
  `mail:\n  password: >${CANARY}\n`,
  `mail:\n  password: "${CANARY}\n`,
  `mail:\n  password: !vault ${CANARY}\n`,
  `mail:\n  password: [${CANARY}\n`,
  `mail:\n  password: ${CANARY}\n\tport: 1\n`,
  `mail:\n  password: ${CANARY}\n  password: ${CANARY}\n`,
  `mail:\n  password: \${${CANARY}}\n`,
  `mail:\n  password: @${CANARY}\n`,
  `mail:\n  password: "\\q${CANARY}"\n`,
  `- ${CANARY}\n`,
  `server:\n  port: ${CANARY}\n`,
  `server:\n  port: { password: ${CANARY} }\n`,
  `server:\n  host: http://u:${CANARY}@h\n`,
  `server: ${CANARY}\n`,
  `server.port: ${CANARY}\n`,
  `metrics:\n  port: [${CANARY}]\n`,
  `metrics:\n  path: { a: ${CANARY} }\n`,
  `metrics:\n  path: "?token=${CANARY}"\n`,
  `metrics:\n  allowed_ips: ${CANARY}\n`,
  `metrics:\n  allowed_ips: [{ token: ${CANARY} }]\n`,
  `metrics:\n  allowed_ips: ["${CANARY}"]\n`,
  `metrics: { default_labels: [${CANARY}] }\n`,
  `app:\n  name: [${CANARY}]\n`,
  `app:\n  name: { secret: ${CANARY} }\n`,
  `mail: { password: ${CANARY} }\nserver: { port: x }\n`,
];

test.each(YAML_FILES)('the doctor reads %j', async (text) => {
  const folder = await projectFolder({ 'application.yml': text });
  await expectSilence(['doctor', folder]);
});

test.each(YAML_FILES)('compose reads %j', async (text) => {
  const folder = await containerProject({ 'application.yml': text });
  await expectSilence(['compose', '-o', folder]);
});

test.each([`slos: *${CANARY}\n`, `slos: | ${CANARY}\n`, `slos: "${CANARY}\n`, `slos: [${CANARY}\n`, `slos: ${CANARY}\n`, `${CANARY}\n`])(
  'rules read the settings %j',
  async (text) => {
    const file = join(await emptyFolder(), 'settings.yml');
    await writeFile(file, text);
    await expectSilence(['rules', '--settings', file]);
  },
);

test.each([`${CANARY}\n`, `fine 1\na{b="${CANARY}\n`, `password=${CANARY}\n`, `a ${CANARY}\n`])(
  'dashboard reads the scrape %j',
  async (text) => {
    const file = join(await emptyFolder(), 'scrape.txt');
    await writeFile(file, text);
    await expectSilence(['dashboard', '--from', file]);
  },
);
