/** `tsukimi top` in a real terminal, on the built demo. */
import { execFileSync } from 'node:child_process';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliMain } from './support/cli-program.js';
import { type DemoProgram, startDemoProgram } from './support/demo-program.js';
import { requireBinary } from './support/server-binary.js';
import { startTerminal, type TerminalOptions } from './support/terminal.js';

const INTERVAL_MS = 150;

async function startTop(target: string, options: TerminalOptions = {}) {
  const command = [process.execPath, cliMain(), 'top', target, '--interval', String(INTERVAL_MS), '--timeout', '20000'];
  return await startTerminal(command, { columns: 100, rows: 40, ...options });
}

async function ask(url: string, path: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await (await fetch(url + path)).arrayBuffer();
}

/** The cells of a row: total, rate, errors, errors per second, p95. */
function cellsOf(screen: string, name: string): readonly string[] {
  const line = screen.split('\n').find((each) => each.trim().startsWith(`${name} `)) ?? '';
  return line.trim().slice(name.length).trim().split(/ +/);
}

/** The names of the rows under a heading. */
function namesUnder(screen: string, heading: string): readonly string[] {
  const lines = screen.split('\n');
  const rest = lines.slice(lines.findIndex((line) => line.startsWith(heading)) + 1);
  const end = rest.findIndex((line) => !line.startsWith('  '));
  return rest.slice(0, end).map((line) => line.trim().split(/ {2,}/)[0] ?? '');
}

const hasTotals = (totals: Readonly<Record<string, readonly [total: string, errors: string]>>) => (screen: string) =>
  Object.entries(totals).every(([name, [total, errors]]) => {
    const cells = cellsOf(screen, name);
    return cells[0] === total && cells[2] === errors;
  });

describe.skipIf(requireBinary('tmux').skipReason)('tsukimi top in a terminal', { timeout: 60_000 }, () => {
  // For the tests that need no counts of their own.
  let shared: DemoProgram;
  beforeAll(async () => {
    shared = await startDemoProgram();
  });
  afterAll(() => shared.program.stop());

  it('shows the exact counts of known traffic, and sorts on key press', async () => {
    const demo = await startDemoProgram();
    await using _ = demo.program;
    await using terminal = await startTop(demo.target);
    await ask(demo.url, '/api/users', 7);
    await ask(demo.url, '/api/users/99', 3);
    await ask(demo.url, '/api/orders', 5);
    const totals = { 'GET /api/users': ['7', '0'], 'GET /api/users/:userId': ['3', '0'], 'GET /api/orders': ['5', '0'] } as const;
    const shown = await terminal.waitForScreen(hasTotals(totals));
    expect(
      hasTotals({ 'UserController.all': ['7', '0'], 'UserController.byId': ['3', '3'], 'OrderController.all': ['5', '0'] })(shown),
    ).toBe(true);
    expect(shown).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics {2}up \d+s {2}\d+ in flight$/m);

    // Nothing more is asked for: totals decide once the rates are zero.
    const byRate = await terminal.waitForScreen(
      (screen) => cellsOf(screen, 'GET /api/users')[1] === '0' && cellsOf(screen, 'GET /api/orders')[1] === '0',
    );
    expect(namesUnder(byRate, 'Routes (3)')).toEqual(['GET /api/users', 'GET /api/orders', 'GET /api/users/:userId']);
    await terminal.send('n');
    expect(namesUnder(await terminal.waitForScreen(/sorted by name/), 'Routes (3)')).toEqual([
      'GET /api/orders',
      'GET /api/users',
      'GET /api/users/:userId',
    ]);
    await terminal.send('e');
    // A 404 is the client's error, and no failure of the route; the methods below it rejected.
    expect(namesUnder(await terminal.waitForScreen(/sorted by errors/), 'Methods (')[0]).toMatch(/^User(Controller|Service)\.byId$/);
    await terminal.send('Tab');
    await terminal.waitForScreen((screen) => screen.includes('Routes (3)') && !screen.includes('Methods ('));
    await terminal.send('2');
    await terminal.waitForScreen((screen) => !screen.includes('Routes (3)') && screen.includes('Methods ('));
  });

  it('shows rates while requests come', async () => {
    const demo = await startDemoProgram();
    await using _ = demo.program;
    await using terminal = await startTop(demo.target);
    await terminal.waitForScreen(/Methods \(/);
    await ask(demo.url, '/api/users', 20);
    await terminal.waitForScreen((screen) => Number(cellsOf(screen, 'GET /api/users')[1]) > 0);
  });

  it('goes on when the application is gone, and when it is there again', async () => {
    const first = await startDemoProgram();
    const port = first.target.split(':')[1] ?? '';
    await using terminal = await startTop(first.target);
    await ask(first.url, '/api/users', 4);
    await terminal.waitForScreen(hasTotals({ 'GET /api/users': ['4', '0'] }));
    await first.program.stop();
    const lost = await terminal.waitForScreen(/^no response for \d+ s, retrying: Nothing answers at /m);
    expect(cellsOf(lost, 'GET /api/users')[0]).toBe('4');
    const second = await startDemoProgram({ TSUKIMI_SERVER_PORT: port });
    await using _ = second.program;
    await ask(first.url, '/api/users', 2);
    const again = await terminal.waitForScreen(hasTotals({ 'GET /api/users': ['2', '0'] }));
    expect(again).not.toContain('no answer');
    expect(cellsOf(again, 'GET /api/users')[1]).not.toMatch(/-/);
  });

  it('fits the terminal when its size changes, and scrolls', async () => {
    await using terminal = await startTop(shared.target);
    await terminal.waitForScreen(/TOTAL +RATE\/S +ERRORS +ERRORS\/S +P95 MS/);
    await terminal.resize({ columns: 40, rows: 12 });
    const small = await terminal.waitForScreen((screen) => /RATE\/S +ERRORS\/S$/m.test(screen) && screen.split('\n').length === 12);
    expect(Math.max(...small.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    await terminal.send('n');
    await terminal.send('End');
    await terminal.waitForScreen(/^ {2}UserService\.create /m);
    await terminal.send('Home');
    await terminal.send('Down');
    await terminal.waitForScreen((screen) => screen.split('\n')[3]?.startsWith('  no requests yet') === true);
    await terminal.resize({ columns: 100, rows: 40 });
    await terminal.waitForScreen(
      (screen) => screen.includes('TOTAL') && screen.includes('Routes (0)') && screen.includes('UserService.create'),
    );
  });

  it.each([
    ['q', 'q', 0],
    ['Ctrl-C', 'C-c', 0],
  ])('gives the terminal back as it was on %s', async (_, key, exitCode) => {
    await using terminal = await startInShell(shared.target);
    await terminal.waitForScreen(/Methods \(/);
    expect(await terminal.state()).toMatchObject({ alternateScreen: true, cursorVisible: false });
    await terminal.send(key);
    expect(await terminal.waitForScreen(/after/)).toBe(`before\nexit ${exitCode}\nicanon echo\nafter`);
    expect(await terminal.state()).toMatchObject({ alternateScreen: false, cursorVisible: true });
  });

  it('gives the terminal to the shell on Ctrl-Z, and goes on with fg', async () => {
    await using terminal = await startTerminal(['bash', '--norc', '-i'], { columns: 100, rows: 40 });
    await terminal.type(`${process.execPath} ${cliMain()} top ${shared.target} --interval ${INTERVAL_MS}`);
    await terminal.send('Enter');
    await terminal.waitForScreen(/Methods \(/);
    await terminal.send('C-z');
    expect(await terminal.waitForScreen(/Stopped/)).not.toContain('Methods (');
    expect(await terminal.state()).toMatchObject({ alternateScreen: false, cursorVisible: true });
    await ask(shared.url, '/api/users', 3);
    await terminal.type('fg');
    await terminal.send('Enter');
    await terminal.waitForScreen(hasTotals({ 'GET /api/users': ['3', '0'] }));
    await terminal.send('q');
    await terminal.waitForScreen((screen) => !screen.includes('Methods ('));
  });

  it('gives the terminal back on SIGTERM, and ends by it', async () => {
    await using terminal = await startInShell(shared.target);
    await terminal.waitForScreen(/Methods \(/);
    const shell = await terminal.pid();
    process.kill(Number(execFileSync('pgrep', ['-P', String(shell)], { encoding: 'utf8' })), 'SIGTERM');
    const screen = await terminal.waitForScreen(/after/);
    expect(screen).toMatch(/^before\n(.*Terminated.*\n)?exit 143\nicanon echo\nafter$/);
    expect(await terminal.state()).toMatchObject({ alternateScreen: false, cursorVisible: true });
  });

  it('shows wide names straight, and lets none write to the terminal', async () => {
    const registry = new MetricsRegistry();
    await using app = fastify();
    await app.register(httpInstrumentation, { registry, processMetrics: false });
    const url = await app.listen({ port: 0 });
    const names = ['月見Service', '\u001B[2J\u001B[31mEvil', 'Plain'];
    for (const component of names) instrument({ view() {} }, { component, registry }).view();
    await using terminal = await startTop(url);
    const screen = await terminal.waitForScreen(/Methods \(3\)/);
    const totals = screen.split('\n').filter((line) => /\.view /.test(line));
    // A wide character is two columns of the screen, and one of the text.
    expect(totals.map((line) => [line.trim().split(' ')[0], line.indexOf(' 1 ')])).toEqual([
      ['�[2J�[31mEvil.view', 25],
      ['Plain.view', 25],
      ['月見Service.view', 23],
    ]);
  });

  it('says on the normal screen that nothing listens', async () => {
    await using terminal = await startTop('127.0.0.1:1', { rows: 10 });
    expect(await terminal.exitCode()).toBe(1);
    expect(await terminal.screen()).toContain('error TSK_ERR_REMOTE_UNREACHABLE: ');
  });
});

/** The command between two lines of a shell, which then tells of the exit code and of how the terminal takes keys. */
async function startInShell(target: string) {
  const top = [process.execPath, cliMain(), 'top', target, '--interval', String(INTERVAL_MS)].map((word) => `'${word}'`).join(' ');
  const settings = "$(stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo | sort -r | xargs)";
  // Where the shell waits in the end, the cursor is its own.
  const script = `echo before; ${top}; echo "exit $?"; echo "${settings}"; echo after; read -r`;
  return await startTerminal(['bash', '--norc', '-c', script], { columns: 100, rows: 40 });
}
