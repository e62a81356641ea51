/** The real Pushgateway, on a port of its own. */
import { ChildProgram } from '../../../../test/support/child-process.js';
import { waitUntil } from '../../../../test/support/wait-until.js';

export interface Pushgateway extends AsyncDisposable {
  readonly url: string;
  /** The sample lines it would give to Prometheus, less what it tells of itself. */
  lines(): Promise<string[]>;
}

/** @param binary the path that `requireBinary('prometheus-pushgateway')` gave */
export async function startPushgateway(binary: string): Promise<Pushgateway> {
  // Debian's keeps what was pushed in a file of the machine unless told.
  const program = new ChildProgram(binary, { args: ['--web.listen-address=127.0.0.1:0', '--persistence.file='] });
  const [, address] = await program.waitForOutput(/Listening on" address=(127\.0\.0\.1:\d+)/, 'stderr');
  const url = `http://${address}`;
  await waitUntil('the Pushgateway is ready', async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    lines: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return text.split('\n').filter((line) => line.includes('job=') && !/^(push_|pushgateway_)/.test(line));
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
