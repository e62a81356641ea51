/** `tsukimi init` in a real terminal: it asks for what no flag says. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cliMain } from '../../../../test/support/cli-program.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { startTerminal } from '../../../../test/support/terminal.js';
import { emptyFolder, filesIn } from '../support/folders.js';

const INIT = [process.execPath, cliMain(), 'init'];

async function init(folder: string, ...flags: string[]) {
  return terminalOf([...INIT, ...flags], folder);
}

async function terminalOf(command: readonly string[], folder: string) {
  const terminal = await startTerminal(command, { cwd: folder, columns: 100, rows: 60 });
  onTestFinished(() => terminal.stop());
  return terminal;
}

describe.skipIf(requireBinary('tmux').skipReason)('the questions', () => {
  it('are four, each is checked at once, and the answers make the project', async () => {
    const folder = await emptyFolder();
    const terminal = await init(folder);
    await terminal.waitForScreen(/Name of the project\?/);
    await terminal.type('Shop');
    await terminal.send('Enter');
    await terminal.waitForScreen(/The name has capital letters\./);
    await terminal.send('C-u');
    await terminal.type('@moon/shop');
    await terminal.send('Enter');
    await terminal.waitForScreen(/Folder\?[\s\S]*shop/);
    await terminal.send('Enter');
    await terminal.waitForScreen(/Port\?[\s\S]*8000/);
    await terminal.type('0');
    await terminal.send('Enter');
    await terminal.waitForScreen(/Use a whole number from 1 to 65535\./);
    await terminal.send('C-u');
    await terminal.type('8123');
    await terminal.send('Enter');
    await terminal.waitForScreen(/Add Docker, Prometheus and Grafana\?/);
    await terminal.type('n');
    await terminal.waitForScreen(/npm start/);
    expect(await terminal.exitCode()).toBe(0);
    const files = await filesIn(join(folder, 'shop'));
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ name: '@moon/shop' });
    expect(files['application.yml']).toContain('  port: 8123\n');
    expect(files['Dockerfile']).toBeUndefined();
  });

  it('are not asked where flags answer them', async () => {
    const folder = await emptyFolder();
    const terminal = await init(folder, 'shop', '--directory', '.', '--port', '8124', '--docker');
    const screen = await terminal.waitForScreen(/npm start/);
    expect([await terminal.exitCode(), screen]).toEqual([0, expect.not.stringContaining('?')]);
    expect((await filesIn(folder))['Dockerfile']).toContain('EXPOSE 8124');
  });

  it('are not asked with --yes, also without a name', async () => {
    const terminal = await init(await emptyFolder(), '--yes');
    expect(await terminal.waitForScreen(/TSK_ERR_INIT_NAME_MISSING/)).not.toContain('?');
    expect(await terminal.exitCode()).toBe(2);
  });

  it.each(['C-c', 'Escape'])('end with %s: nothing is written, and the exit code is 130', async (key) => {
    const folder = await emptyFolder();
    // A shell has to be left for tmux to tell whether the cursor is back.
    const terminal = await terminalOf(['sh', '-c', '"$@"; echo "ended with $?"; exec cat', 'sh', ...INIT], folder);
    await terminal.waitForScreen(/Name of the project\?/);
    await terminal.type('shop');
    await terminal.send('Enter');
    await terminal.waitForScreen(/Folder\?/);
    await terminal.send(key);
    await terminal.waitForScreen(/ended with 130/);
    expect((await terminal.state()).cursorVisible).toBe(true);
    expect(await filesIn(folder)).toEqual({});
  });

  it('come after the name that was given is checked', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'notes.txt'), '');
    const terminal = await init(folder, 'Shop');
    expect(await terminal.waitForScreen(/TSK_ERR_INIT_NAME/)).not.toContain('Folder?');
    expect(await terminal.exitCode()).toBe(2);
  });
});
