/** What the process does about errors: what it prints, what it hears of, how it ends. Each script runs in a process of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, removeFolder, runScript, scriptFolder } from './support/bundle.js';

let folder = '';
beforeAll(async () => {
  folder = await scriptFolder();
});
afterAll(() => removeFolder(folder));

const SUBJECT = `
import { instrument, MetricsRegistry } from './measured.mjs';
class Subject {
  sync(reason) { throw reason; }
  syncHere() {
    throw new TypeError('thrown here');
  }
  async later(reason) { await null; throw reason; }
  async atOnce(reason) { throw reason; }
  async here() {
    await null;
    throw new TypeError('rejected here');
  }
  handsOn(reason) { return Promise.reject(reason); }
  guarded(reason) { const promise = Promise.reject(reason); promise.catch(() => {}); return promise; }
  guardedHere(reason) { const promise = this.atOnce(reason); promise.catch(() => {}); return promise; }
  async *rows(reason) { yield 1; throw reason; }
  own = async (reason) => { throw reason; };
}
const make = () => new Subject();
const subject = process.argv[2] === 'instrumented' ? instrument(make(), { registry: new MetricsRegistry() }) : make();
`;

// One line for each event, as the process hears of it.
const LISTENERS = `
const describe = (reason) => (reason instanceof Error ? reason.message : String(reason));
process.on('unhandledRejection', (reason, promise) => console.log('unhandled', describe(reason), promise instanceof Promise));
process.on('rejectionHandled', () => console.log('handled later'));
process.on('uncaughtException', (error, origin) => console.log('uncaught', describe(error), origin));
process.on('multipleResolves', () => console.log('multiple resolves'));
process.on('warning', (warning) => { if (warning.code !== 'DEP0160') console.log('warning', warning.message); });
process.on('exit', (code) => console.log('exit', code));
const turn = () => new Promise((resolve) => setImmediate(resolve));
`;

async function bothWays(script: string): Promise<[bare: Ended, instrumented: Ended]> {
  return [await runScript(folder, SUBJECT + script, ['bare']), await runScript(folder, SUBJECT + script, ['instrumented'])];
}

/** The lines before the stack: the place, the code there, the message. Two scripts differ in their file's name only. */
function display({ stderr, code }: Ended): readonly string[] {
  const lines = stderr.split('\n').map((line) => line.replace(/script-\d+\.mjs/, 'script.mjs'));
  const stack = lines.findIndex((line) => line.startsWith('    at '));
  return [...lines.slice(0, stack === -1 ? undefined : stack + 1), `exit ${code}`];
}

describe('An error that nobody catches', () => {
  test.each([
    ['thrown by the method', 'subject.syncHere();', 'thrown here'],
    ['thrown elsewhere', "subject.sync(new RangeError('made elsewhere'));", 'made elsewhere'],
    ['undefined', 'subject.sync(undefined);', 'undefined'],
    ['an object', "subject.sync({ code: 'E1' });", 'E1'],
    ['in a timer', 'setTimeout(() => subject.syncHere(), 1);', 'thrown here'],
    ['a rejection', 'subject.here();', 'rejected here'],
    ['a rejection of another error', "subject.atOnce(new RangeError('made elsewhere'));", 'made elsewhere'],
    ['a rejection with undefined', 'subject.later(undefined);', 'undefined'],
    ['awaited at the top', 'await subject.here();', 'rejected here'],
    ['handed on', "subject.handsOn(new Error('handed on'));", 'handed on'],
  ])('ends the process with the same display: %s', async (_what, script, message) => {
    const [bare, instrumented] = await bothWays(script);
    expect(bare.stderr).toContain(message);
    expect(display(instrumented)).toEqual(display(bare));
  });
});

describe('An error that a synchronous method with an objective throws', () => {
  const OBJECTIVES = `
import { writeSloOfMethod } from './measured.mjs';
for (const method of ['syncHere', 'here', 'own'])
  writeSloOfMethod(Subject.prototype, method, { member: method, objective: 99, latencyMs: undefined });
const watched = process.argv[2] === 'instrumented' ? instrument(make(), { registry: new MetricsRegistry() }) : make();
`;

  test('is displayed with a line of ours, and with the stack it has', async () => {
    const [bare, instrumented] = await bothWays(`${OBJECTIVES}setTimeout(() => watched.syncHere(), 1);`);
    const [place, ...rest] = [bare, instrumented].map(({ stderr }) => stderr.split('\n').find((line) => line.startsWith('    at ')));
    expect(place).toContain('syncHere');
    expect(rest.map((line) => line?.replace(/script-\d+/, ''))).toEqual([place?.replace(/script-\d+/, '')]);
    expect([bare, instrumented].map((ended) => /(script|measured)\.mjs/.exec(display(ended)[0] ?? '')?.[1])).toEqual([
      'script',
      'measured',
    ]);
    expect([bare.code, instrumented.code]).toEqual([1, 1]);
  });

  test.each([
    ['a rejection', 'watched.here();'],
    ['awaited at the top', 'await watched.here();'],
    ['of an arrow function', "watched.own(new RangeError('made elsewhere'));"],
  ])('of an asynchronous one it is the same display: %s', async (_what, script) => {
    const [bare, instrumented] = await bothWays(OBJECTIVES + script);
    expect(bare.code).toBe(1);
    expect(display(instrumented)).toEqual(display(bare));
  });
});

describe('A rejection', () => {
  test.each([
    [
      'unhandled, in every kind of method',
      "for (const m of ['later', 'atOnce', 'handsOn', 'own']) subject[m](new Error(m)); subject.rows().next();",
    ],
    ['unhandled, of an async generator', "const rows = subject.rows(new Error('rows')); await rows.next(); rows.next();"],
    ['undefined', 'subject.later(undefined); subject.atOnce(null); subject.handsOn(0);'],
    ['unhandled twice', "subject.later(new Error('one')); subject.later(new Error('two'));"],
    [
      'handled in the same turn',
      "for (const m of ['later', 'atOnce', 'handsOn', 'own']) subject[m](new Error(m)).catch(() => console.log('caught', m));",
    ],
    [
      'handled some microtasks later',
      "const p = subject.handsOn(new Error('p')); await null; await null; p.catch(() => console.log('caught'));",
    ],
    ['handled too late', "const p = subject.atOnce(new Error('p')); await turn(); p.catch(() => console.log('caught'));"],
    [
      'handled by await, all, race, allSettled, finally',
      "for (const m of ['later', 'atOnce', 'handsOn', 'own']) { try { await subject[m](new Error(m)); } catch (e) { console.log(e.message); } await Promise.all([subject[m](new Error(m))]).catch((e) => console.log(e.message)); await Promise.race([subject[m](new Error(m))]).catch((e) => console.log(e.message)); console.log((await Promise.allSettled([subject[m](1)]))[0].status); await subject[m](new Error(m)).finally(() => {}).catch((e) => console.log(e.message)); }",
    ],
    [
      'of a shared promise, handled by one of its callers',
      "const shared = Promise.reject(new Error('shared')); subject.get = undefined; const o = process.argv[2] === 'instrumented' ? instrument({ get: () => shared }, { registry: new MetricsRegistry() }) : { get: () => shared }; o.get().catch(() => console.log('caught')); o.get(); o.get();",
    ],
    [
      'of a shared promise, handled by nobody',
      "const shared = Promise.reject(new Error('shared')); const o = process.argv[2] === 'instrumented' ? instrument({ get: () => shared }, { registry: new MetricsRegistry() }) : { get: () => shared }; o.get(); o.get();",
    ],
    [
      'handled inside an async method that hands it on',
      "const o = { async run() { const p = Promise.reject(new Error('p')); p.catch(() => {}); return p; } }; if (process.argv[2] === 'instrumented') instrument(o, { registry: new MetricsRegistry() }); o.run();",
    ],
  ])('is heard of as it would be, as often and in the same order: %s', async (_what, script) => {
    const [bare, instrumented] = await bothWays(`${LISTENERS}${script} await turn(); await turn();`);
    expect(bare.stdout).toContain('exit 0');
    expect(instrumented).toEqual(bare);
  });
});

describe('A rejection that a method which is not async has dealt with itself', () => {
  test('is unhandled where its caller ignores the promise: the one difference', async () => {
    const [bare, instrumented] = await bothWays(`${LISTENERS}subject.guarded(new Error('guarded')); await turn(); await turn();`);
    expect(bare.stdout).toBe('exit 0\n');
    expect(instrumented.stdout).toBe('unhandled guarded true\nexit 0\n');
  });

  test("is dealt with, where the promise is another measured method's", async () => {
    const [bare, instrumented] = await bothWays(`${LISTENERS}subject.guardedHere(new Error('guarded')); await turn(); await turn();`);
    expect(bare.stdout).toBe('exit 0\n');
    expect(instrumented).toEqual(bare);
  });
});
