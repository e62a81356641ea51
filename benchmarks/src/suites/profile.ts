/** What a profile costs while it is taken, and that it costs nothing afterwards: CPU time of the whole process, the sampling thread included. */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { instrument, MetricsRegistry, profileCpu, startHeapSampling } from 'tsukimi';
import { median } from '../support/rounds.js';
import { atMost, format, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

class OrderService {
  create(count: number): number {
    const lines = Array.from({ length: count }, (_, id) => ({ id, name: `line ${id}` }));
    return JSON.parse(JSON.stringify(lines)).length;
  }
}

const registry = new MetricsRegistry();
const orders = instrument(new OrderService(), { registry });

async function profile({ quick }: SuiteOptions): Promise<Row[]> {
  const rounds = quick ? 2 : 9;
  const calls = quick ? 20 : 4_000;
  await work(calls);
  const before: number[] = [];
  const during: number[] = [];
  const after: number[] = [];
  const sampled: number[] = [];
  // In turns, so that a slow minute of the machine is in all of them.
  for (let round = 0; round < rounds; round += 1) {
    before.push(await work(calls));
    during.push(await whileProfiled(() => work(calls)));
    after.push(await work(calls));
    const stop = await startHeapSampling();
    sampled.push(await work(calls));
    await stop();
  }
  const idle = await whileProfiled(() => idleShare(quick ? 50 : 2_000));
  const [base, cpu, later, heap] = [before, during, after, sampled].map(median) as [number, number, number, number];
  const detail = `without ${format(base)} ms, CPU profile ${format(cpu)} ms, after it ${format(later)} ms, heap sampled ${format(heap)} ms`;
  const added = (value: number) => ({ value: (value / base - 1) * 100, unit: ' %', detail });
  return [
    atMost('CPU time that a CPU profile adds to a busy thread, a sample each 2.5 ms', 5, added(cpu)),
    atMost('a CPU profile of an idle thread, of one core', 5, { value: idle * 100, unit: ' %', detail: '' }),
    atMost('CPU time that heap sampling adds to allocating work, a sample each 128 KiB', 10, added(heap)),
    atMost('the same work after a profile, against before', 1.05, { value: later / base, unit: 'x', detail }),
  ];
}

/** @returns the CPU time of the work in milliseconds */
async function work(calls: number): Promise<number> {
  // What ran before has left the heap in another state.
  await run(calls / 4);
  const start = process.cpuUsage();
  await run(calls);
  return cpuMs(start);
}

async function run(calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    orders.create(200);
    if (call % 100 === 0) await nextTurn();
  }
}

async function idleShare(ms: number): Promise<number> {
  const [start, began] = [process.cpuUsage(), performance.now()];
  await delay(ms);
  return cpuMs(start) / (performance.now() - began);
}

function cpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The start and the end of the profile are not in what is measured: they cost once, however long the profile takes. */
async function whileProfiled<T>(measure: () => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const taken = profileCpu(registry, { seconds: 60, signal: abort.signal }).catch(() => undefined);
  await delay(100);
  const measured = await measure();
  abort.abort();
  await taken;
  return measured;
}

await runSuite(profile);
