// An application with several workers that counts orders.
import { setTimeout as wait } from 'node:timers/promises';
import { Application, Controller, Get, Inject, runApplication } from '@tsukimi/core';
import { InstrumentationProvider, Instrumented } from '@tsukimi/instrumentation';

const say = (text) => process.stdout.write(`${text}\n`);
let counted = 0;

const watch = () => ({
  name: 'watch',
  primary({ workers }) {
    workers.onReady(({ worker, pid }) => say(`ready ${worker} ${pid}`));
    workers.onEnded(({ pid }, { signal }) => say(`ended ${pid} ${signal}`));
  },
});

class Shop {
  constructor(instrumentation) {
    this.orders = instrumentation.counter({ name: 'orders_total', help: 'Orders.' });
    this.sizes = instrumentation.histogram({ name: 'order_size_bytes', help: 'Sizes.', labelNames: ['kind'] });
  }
  async order() {
    await wait(Math.random() * 5);
    this.orders.inc();
    counted += 1;
    this.sizes.observe({ kind: String(counted % 7) }, counted % 1000);
    return { pid: process.pid };
  }
  block() {
    for (const start = performance.now(); performance.now() - start < 2000; );
    return { pid: process.pid };
  }
}
const descriptor = (name) => Object.getOwnPropertyDescriptor(Shop.prototype, name);
for (const name of ['order', 'block']) Get(`/${name}`)(Shop.prototype, name, descriptor(name));
Controller('/')(Shop);
Inject(InstrumentationProvider)(Shop, undefined, 0);

class Program {}
Application({ name: 'program', components: [Shop], extensions: [watch] })(Program);
Instrumented()(Program);

await runApplication(Program);
