/** What the process does about errors: what it prints, what it hears of, how it ends. Each script runs in a process of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, removeFolder, runNode, runScript, scriptFolder, writeScript } from './support/bundle.js';

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
const measured = (object) => process.argv[2] === 'bare' ? object : instrument(object, { registry: new MetricsRegistry(), unhandled: process.argv[2] });
const subject = measured(make());
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

/** @param unhandled what is asked of `instrument` */
async function bothWays(script: string, unhandled: 'keep' | 'contain' = 'keep'): Promise<[bare: Ended, instrumented: Ended]> {
  return [await runScript(folder, SUBJECT + script, ['bare']), await runScript(folder, SUBJECT + script, [unhandled])];
}

/** The lines before the stack: the place, the code there, the message. Two scripts differ in their file's name only. */
function display({ stderr, code }: Ended): readonly string[] {
  const lines = stderr.split('\n').map((line) => line.replace(/script-\d+\.mjs/, 'script.mjs'));
  const stack = lines.findIndex((line) => line.startsWith('    at '));
  return [...lines.slice(0, stack === -1 ? undefined : stack + 1), `exit ${code}`];
}

describe('An uncaught error', () => {
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
const watched = measured(make());
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
  const CASES: readonly (readonly [what: string, script: string])[] = [
    [
      'unhandled, in every kind of method',
      "for (const m of ['later', 'atOnce', 'handsOn', 'own']) subject[m](new Error(m)); subject.rows().next();",
    ],
    ['unhandled, of an async generator', "const rows = subject.rows(new Error('rows')); await rows.next(); rows.next();"],
    ['undefined', 'subject.later(undefined); subject.atOnce(null); subject.handsOn(0);'],
    ['unhandled twice', "subject.later(new Error('one')); subject.later(new Error('two'));"],
    [
      'handled in the same turn',
      "for (const m of ['later', 'atOnce', 'own']) subject[m](new Error(m)).catch(() => console.log('caught', m)); await turn(); for (const m of ['handsOn', 'guarded']) subject[m](new Error(m)).catch(() => console.log('caught', m));",
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
      "const shared = Promise.reject(new Error('shared')); const o = measured({ get: () => shared }); o.get().catch(() => console.log('caught')); o.get(); o.get();",
    ],
    [
      'of a shared promise, handled by nobody',
      "const shared = Promise.reject(new Error('shared')); const o = measured({ get: () => shared }); o.get(); o.get();",
    ],
    [
      'of a promise that is handed on, handled too late',
      "const p = subject.handsOn(new Error('p')); await turn(); p.catch(() => console.log('caught'));",
    ],
    [
      'returned from an async function, which listens a turn later',
      "await (async () => subject.handsOn(new Error('p')))().catch(() => console.log('caught'));",
    ],
    [
      'of a promise that rejects later, handled by one of its callers at some time',
      "let no; const p = new Promise((_, reject) => { no = reject; }); const o = measured({ get: () => p }); o.get(); await turn(); o.get().catch(() => console.log('caught')); o.get(); no(new Error('late')); await turn(); o.get();",
    ],
    [
      'of a promise that rejects later, handled by nobody, and then returned again',
      "let no; const p = new Promise((_, reject) => { no = reject; }); const o = measured({ get: () => p }); o.get(); await turn(); no(new Error('late')); await turn(); o.get(); await turn(); o.get().catch(() => console.log('caught'));",
    ],
    [
      'of a promise that several methods hand on',
      "const p = Promise.reject(new Error('p')); const inner = measured({ get: () => p }); const outer = measured({ get: () => inner.get() }); outer.get(); await turn(); outer.get().catch(() => console.log('caught'));",
    ],
    [
      'of a derived promise, by then, catch, finally',
      "for (const derive of [(p) => p.then(() => {}), (p) => p.catch(() => { throw new Error('again'); }), (p) => p.finally(() => {})]) { derive(subject.handsOn(new Error('p'))); await turn(); }",
    ],
    [
      'of thenables and promises of other classes, which nobody has asked',
      "class Task extends Promise {} measured({ get: () => Task.reject(new Error('task')) }).get(); await turn(); measured({ get: () => Task.reject(new Error('task')) }).get().catch(() => console.log('caught'));",
    ],
    [
      'of a promise subclass, handled in any way, in time and too late',
      `class Task extends Promise { asCallback(callback) { Promise.prototype.then.call(this, undefined, callback); } }
const get = () => measured({ get: () => Task.reject(new Error('task')) }).get();
get().asCallback(() => console.log('called back')); Task.allSettled([get()]); (async () => { try { await get(); } catch { console.log('caught'); } })();
await turn(); const late = get(); await turn(); late.asCallback(() => console.log('late')); await turn(); get();`,
    ],
    [
      'handled inside an async method that hands it on',
      "measured({ async run() { const p = Promise.reject(new Error('p')); p.catch(() => {}); return p; } }).run();",
    ],
  ];
  // All in one process each way, one after another: what the process hears comes within two turns.
  const script = CASES.map(
    ([, lines], index) => `console.log('case ${index}'); await (async () => { ${lines} })(); await turn(); await turn();`,
  );
  let heard: readonly (readonly string[])[] = [];
  beforeAll(async () => {
    const ended = await bothWays(`${LISTENERS}${script.join('\n')}\nconsole.log('case over');`);
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    heard = ended.map(({ stdout }) => stdout.split(/^case .+\n/m).slice(1));
  });

  test.each(CASES.map(([what], index) => [what, index] as const))(
    'is heard of as it would be, as often and in the same order: %s',
    (_what, index) => {
      const [bare, instrumented] = heard;
      expect(bare?.[index]).toBeTypeOf('string');
      expect(instrumented?.[index]).toBe(bare?.[index]);
    },
  );

  test('of all of these leaves the process to end as it would', () => {
    expect(heard.map((sections) => [sections.length, sections.at(-1)])).toEqual(Array(2).fill([CASES.length + 1, 'exit 0\n']));
  });
});

describe('An unhandled rejection, with keep and contain', () => {
  const ignored = "subject.handsOn(new Error('ignored')); await turn(); await turn();";
  const dealtWith = "subject.guarded(new Error('guarded')); await turn(); await turn();";

  test.each([
    ['ignored by everybody: kept', 'keep', ignored, 'unhandled ignored true\nexit 0\n', 'unhandled ignored true\nexit 0\n'],
    ['ignored by everybody: contained', 'contain', ignored, 'unhandled ignored true\nexit 0\n', 'exit 0\n'],
    ['dealt with by its method: kept', 'keep', dealtWith, 'exit 0\n', 'unhandled guarded true\nexit 0\n'],
    ['dealt with by its method: contained', 'contain', dealtWith, 'exit 0\n', 'exit 0\n'],
  ] as const)('%s', async (_what, unhandled, script, bareOutput, output) => {
    const [bare, instrumented] = await bothWays(LISTENERS + script, unhandled);
    expect([bare.stdout, instrumented.stdout]).toEqual([bareOutput, output]);
  });

  test.each(['keep', 'contain'] as const)('async methods are as they are without us: %s', async (unhandled) => {
    const script =
      "subject.guardedHere(new Error('guarded')); subject.later(new Error('later')); subject.own(new Error('own')); await turn(); await turn();";
    const [bare, instrumented] = await bothWays(LISTENERS + script, unhandled);
    expect(bare.stdout).toBe('unhandled own true\nunhandled later true\nexit 0\n');
    expect(instrumented).toEqual(bare);
  });

  test('contain silences the promise that was returned, and nothing that comes of it', async () => {
    const script =
      "subject.handsOn(new Error('then')).then(() => {}); await turn(); (async () => { await subject.handsOn(new Error('await')); })(); await turn();";
    const [bare, instrumented] = await bothWays(LISTENERS + script, 'contain');
    expect(bare.stdout).toBe('unhandled then true\nunhandled await true\nexit 0\n');
    expect(instrumented).toEqual(bare);
  });

  test('keep ends the process as it would end, with the same display', async () => {
    const [bare, instrumented] = await bothWays("subject.handsOn(new TypeError('nobody'));");
    expect(bare.code).toBe(1);
    expect(display(instrumented)).toEqual(display(bare));
  });
});

describe('Promises elsewhere in the process', () => {
  test('are as fast as they were: no assumption that the engine makes of them is broken', async () => {
    const script = `
class Task extends Promise {}
const all = measured({ get: (p) => p });
for (const make of [() => Promise.resolve(1), () => Promise.reject(new Error('no')), () => Task.resolve(2), () => new Promise(() => {})]) {
  const promise = all.get(make());
  await Promise.race([promise.catch(() => {}), new Promise((resolve) => setImmediate(resolve))]);
  all.get(promise).finally(() => {}).catch(() => {});
}
console.log('done');`;
    const path = await writeScript(folder, SUBJECT + script);
    for (const unhandled of ['keep', 'contain']) {
      const { stdout } = await runNode(['--trace-protector-invalidation', path, unhandled]);
      expect(stdout.split('\n').filter((line) => /promise|done/i.test(line))).toEqual(['done']);
    }
  });
});
