/** What instrumenting costs at start, and what it costs when it is switched off. */
import { Application, createApplication, Instrumented, instrument, MetricsRegistry, Service } from 'tsukimi';
import { median, timeInTurns } from '../support/rounds.js';
import { atMost, format, nanos, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

const METHODS = 10;

async function startup({ quick }: SuiteOptions): Promise<Row[]> {
  const components = quick ? 50 : 1_000;
  const times = Array.from({ length: quick ? 2 : 7 }, () => wrapAll(components));
  return [
    atMost(`start-up: ${components} components of ${METHODS} methods wrapped`, 60, {
      value: median(times),
      unit: ' ms',
      detail: times.map(format).join(', '),
    }),
    await switchedOff(quick),
  ];
}

function wrapAll(components: number): number {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: components * METHODS * 2 });
  const instances = Array.from({ length: components }, (_, number) => new (componentClass(number))());
  const start = performance.now();
  for (const instance of instances) instrument(instance, { registry });
  return performance.now() - start;
}

function componentClass(number: number): new () => object {
  const methods = Array.from(
    { length: METHODS },
    (_, index) => `${index % 2 === 0 ? '' : 'async '}method${index}(value) { return value; }`,
  );
  return new Function(`return class Component${number} { ${methods.join(' ')} }`)();
}

@Service()
class Idle {
  work(): void {}
}

@Instrumented()
@Application({ components: [Idle] })
class Off {}

async function switchedOff(quick: boolean): Promise<Row> {
  await using application = await createApplication(Off, {
    configuration: { instrumentation: { enabled: false }, logging: { level: 'silent' } },
    environment: {},
  });
  const off = application.resolve(Idle);
  const bare = new Idle();
  const wrapped = Object.getOwnPropertyNames(off).length;
  const times = timeInTurns(
    { bare: () => bare.work(), off: () => off.work() },
    quick ? { rounds: 3, calls: 1_000 } : { rounds: 25, calls: 2_000_000 },
  );
  const row = atMost('instrumentation.enabled: false, against bare', 1.05, {
    value: times.off / times.bare,
    unit: 'x',
    detail: `${nanos(times)}, ${wrapped} wrappers`,
  });
  return { ...row, budget: '1.00x, no wrapper', holds: row.holds === true && wrapped === 0 };
}

await runSuite(startup);
